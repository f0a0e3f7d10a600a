import { join } from 'node:path';
import { checkoutDir } from '@order-bench/rig';
import { goModuleDir } from '../go-tool.js';
import type { Cluster } from './cluster.js';

/** Dapr's release that the control plane's images are named after, as deploy/cluster/versions.sh pins its chart. */
export const DAPR_VERSION = '1.18.3';
const NAMESPACE = 'dapr-system';

/** Installs Dapr by the chart that its own Go module carries, with the values of a real cluster. */
export async function installDapr(cluster: Cluster): Promise<void> {
  const chart = join(await goModuleDir('dapr', 'github.com/dapr/dapr'), 'charts', 'dapr');
  const values = join(checkoutDir, 'deploy', 'cluster', 'values-dapr.yaml');
  await cluster.helm([
    ...['install', 'dapr', chart, '--namespace', NAMESPACE, '--create-namespace', '--values', values],
    ...['--set', `global.registry=localhost/dapr,global.tag=${DAPR_VERSION}`, '--wait', '--timeout', '120s'],
  ]);
}

import { join } from 'node:path';
import { checkoutDir } from '@order-bench/rig';
import { archived, queueAndBlobImages } from '../image/node-images.js';
import type { Values } from '../values.js';
import { merged } from '../values.js';
import { importImages } from './cluster.js';
import { installKeda } from './keda.js';
import { installRelease, type Release } from './release.js';
import { startTestCluster, type TestCluster } from './test-cluster.js';

/** A contender that is installed on the node, and what bench calls it. */
export interface BenchContender {
  /** `contender` of the chart. */
  readonly chart: 'express' | 'null' | 'spin';
  readonly name: string;
}

/** Contenders that the node can have; Spin's is answered by the stand-in, and named so. */
export const BENCH_CONTENDERS: readonly BenchContender[] = [
  { chart: 'express', name: 'express-ts' },
  { chart: 'null', name: 'null-ts' },
  { chart: 'spin', name: 'spin-ts' },
];

/** Namespace of deploy/stand-ins. */
const STAND_INS = 'order-bench-stand-ins';
/** Of each role, so that all of them fit on one node. */
const MOST_PODS = 4;

/** The test cluster with broker and blob server inside it, as any cluster can have them. */
export async function startBenchCluster(): Promise<TestCluster> {
  const node = await startTestCluster(['express', 'null']);
  try {
    const { cluster } = node;
    const images = await Promise.all((await queueAndBlobImages()).map(archived));
    await importImages(cluster.namespaces, images);
    const [broker, blob] = images;
    const values = [`broker.image=${broker?.image}`, `blob.image=${blob?.image}`];
    await cluster.helm([
      ...['install', 'stand-ins', join(checkoutDir, 'deploy', 'stand-ins'), '--namespace', STAND_INS],
      ...['--create-namespace', '--set', [...values, 'broker.cpu=100m', 'blob.cpu=100m'].join(',')],
      ...['--wait', '--timeout', '120s'],
    ]);
    return node;
  } catch (error) {
    await node.cluster.stop();
    throw error;
  }
}

/** Installs a contender that works at the stand-ins inside the cluster, with as many pods as it is given. */
export function installFixed(node: TestCluster, { chart }: BenchContender): Promise<Release> {
  return install(node, chart, {});
}

/** Installs KEDA, and then contenders that it scales, each pod with a daprd of its own. */
export async function installScaled(node: TestCluster, contenders: readonly BenchContender[]): Promise<Release[]> {
  await installKeda(node.cluster);
  const values = { dapr: { mode: 'sidecar' }, keda: { enabled: true, maxReplicas: MOST_PODS } };
  const releases: Release[] = [];
  for (const { chart } of contenders) releases.push(await install(node, chart, values));
  return releases;
}

function install(node: TestCluster, chart: BenchContender['chart'], values: Values): Promise<Release> {
  const common: Values = {
    azure: { workloadIdentity: { enabled: false }, connectionSecret: '' },
    standIns: { namespace: STAND_INS },
    ...(chart === 'spin' && { spin: { mode: 'deployment' } }),
  };
  return installRelease({
    cluster: node.cluster,
    name: chart,
    profile: chart === 'spin' ? 'baseline' : 'restricted',
    values: merged(merged(node.values(chart), common), values),
  });
}

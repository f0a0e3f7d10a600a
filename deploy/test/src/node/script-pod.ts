import { stringify } from 'yaml';
import type { Cluster } from './cluster.js';
import { CURL_IMAGE } from './test-cluster.js';

/** What a pod is to run. */
export interface ScriptPod {
  /** Made for it, and removed again. */
  readonly namespace: string;
  /** For sh, with the programs of the image that the chart tests with. */
  readonly script: string;
  readonly limitSeconds: number;
}

const NAME = 'script';

/**
 * Runs a script in a pod in a namespace of its own, which is removed again.
 *
 * @returns the lines that it printed.
 * @throws Error with what it printed, where it fails or takes too long.
 */
export async function linesOfPod(
  cluster: Cluster,
  { namespace, script, limitSeconds }: ScriptPod,
): Promise<readonly string[]> {
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: NAME, namespace },
    spec: { restartPolicy: 'Never', containers: [{ name: NAME, image: CURL_IMAGE, command: ['sh', '-c', script] }] },
  };
  const inNamespace = ['--namespace', namespace];
  await cluster.kubectl(['create', 'namespace', namespace]);
  try {
    await cluster.kubectl(['wait', '--for=create', 'serviceaccount/default', ...inNamespace, '--timeout=30s']);
    await cluster.kubectl(['apply', '--filename', '-'], { input: stringify(pod) });
    const logs = () => cluster.kubectl(['logs', NAME, ...inNamespace]);
    try {
      await cluster.kubectl([
        ...['wait', `pod/${NAME}`, ...inNamespace, '--for=jsonpath={.status.phase}=Succeeded'],
        `--timeout=${limitSeconds}s`,
      ]);
    } catch (error) {
      throw new Error(`${error instanceof Error ? error.message : error}\n${await logs().catch(String)}`);
    }
    return (await logs()).split('\n');
  } finally {
    await cluster.kubectl(['delete', 'namespace', namespace]);
  }
}

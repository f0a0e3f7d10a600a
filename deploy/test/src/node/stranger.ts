import { stringify } from 'yaml';
import type { Cluster } from './cluster.js';
import { CURL_IMAGE } from './test-cluster.js';

/** What a stranger asks. */
export interface Questions {
  readonly urls: readonly string[];
  readonly names: readonly string[];
}

/** What it got. */
export interface Answers {
  /** Those that answered with any status. */
  readonly answered: readonly string[];
  /** Those that the DNS knew. */
  readonly known: readonly string[];
}

const NAME = 'stranger';

/** Asks from a pod in a namespace of its own, which is removed again. */
export async function asksFrom(cluster: Cluster, namespace: string, { urls, names }: Questions): Promise<Answers> {
  const script = [
    ...urls.map(url => `curl --insecure --silent --output /dev/null --max-time 3 ${url} && echo answered ${url}`),
    // Six: the name of the host is not known.
    ...names.map(
      name => `curl --silent --output /dev/null --max-time 3 http://${name}; [ $? = 6 ] || echo known ${name}`,
    ),
    'true',
  ].join('\n');
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
    await cluster.kubectl([
      ...['wait', `pod/${NAME}`, ...inNamespace, '--for=jsonpath={.status.phase}=Succeeded', '--timeout=60s'],
    ]);
    const lines = (await cluster.kubectl(['logs', NAME, ...inNamespace])).split('\n');
    const said = (word: string) =>
      lines.filter(line => line.startsWith(`${word} `)).map(line => line.slice(word.length + 1));
    return { answered: said('answered'), known: said('known') };
  } finally {
    await cluster.kubectl(['delete', 'namespace', namespace]);
  }
}

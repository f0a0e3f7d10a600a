import type { Cluster } from './cluster.js';
import { linesOfPod } from './script-pod.js';

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
  const lines = await linesOfPod(cluster, { namespace, script, limitSeconds: 60 });
  const said = (word: string) =>
    lines.filter(line => line.startsWith(`${word} `)).map(line => line.slice(word.length + 1));
  return { answered: said('answered'), known: said('known') };
}

import { UsageError } from '../../text/usage-error.js';
import type { Deployment, Pod } from './cluster.js';

/**
 * Makes sure that pods run what their Deployments, the chart's or spin-operator's, name now: while an upgrade is not through, pods of
 * before it are ready too. Where the Deployment names a digest it is the node's word of what runs that counts, else the name, and
 * that every pod has the same under it.
 *
 * @param deployments of the namespace; pods of none of them are not looked at.
 * @throws UsageError with the pod, what it runs, and what was expected.
 */
export function proveReleased(
  deployments: readonly Pick<Deployment, 'namespace' | 'name' | 'image'>[],
  pods: readonly Pod[],
): void {
  for (const { namespace, name, image } of deployments) {
    const own = pods.filter(pod => pod.namespace === namespace && deploymentName(pod) === name);
    const digest = digestOf(image);
    const other = own.find(pod =>
      digest === undefined ? pod.namedImage !== image || pod.image !== own[0]?.image : digestOf(pod.image) !== digest,
    );
    if (!other) continue;
    const runs = other.namedImage === other.image ? other.image : `${other.image} (${other.namedImage})`;
    throw new UsageError(
      `the pod ${namespace}/${other.name} runs ${runs}, and the deployment ${name} names ${image}` +
        `${digest === undefined ? ', whose pods must all run the same' : ''}: ` +
        `wait for 'kubectl rollout status deployment/${name} --namespace ${namespace}', and start the run again`,
    );
  }
}

/** What the chart, and spin-operator, call the Deployment of a pod. */
export function deploymentName({ contender, role, part }: Pick<Pod, 'contender' | 'role' | 'part'>): string {
  return `${contender}-${role}${part === 'dapr' ? '-dapr' : ''}`;
}

function digestOf(image: string): string | undefined {
  return /sha256:[0-9a-f]{64}$/.exec(image)?.[0];
}

import { UsageError } from '../../text/usage-error.js';
import type { Deployment, Pod } from './cluster.js';

/**
 * Makes sure that pods run what their Deployments, or their SpinApps, name now: while an upgrade is not through, pods of
 * before it are ready too. Where the Deployment names a digest, and the node one of the same repository, these are compared; a node
 * knows an image that was imported by no digest of a registry. There, and without a digest, the name must be the same, and what
 * every pod runs under it.
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
    const wanted = reference(image);
    const other = own.find(pod => {
      const running = reference(pod.image);
      return wanted.digest !== undefined && running.repository === wanted.repository
        ? running.digest !== wanted.digest
        : pod.namedImage !== image || pod.image !== own[0]?.image;
    });
    if (!other) continue;
    const runs = other.namedImage === other.image ? other.image : `${other.image} (${other.namedImage})`;
    throw new UsageError(
      `the pod ${namespace}/${other.name} runs ${runs}, and the deployment ${name} names ${image}, whose pods must all run the same: ` +
        `wait for 'kubectl rollout status deployment/${name} --namespace ${namespace}', and start the run again`,
    );
  }
}

/** What the chart, and spin-operator, call the Deployment of a pod. */
export function deploymentName({ contender, role, part }: Pick<Pod, 'contender' | 'role' | 'part'>): string {
  return `${contender}-${role}${part === 'dapr' ? '-dapr' : ''}`;
}

/** An image as manifests and nodes write it: `[repository][:tag][@digest]`. */
function reference(image: string): { readonly repository: string; readonly digest: string | undefined } {
  const [name = '', digest] = image.split('@');
  return { repository: name.replace(/:[^:/]+$/, ''), digest };
}

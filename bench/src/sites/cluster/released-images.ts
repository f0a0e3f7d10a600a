import { UsageError } from '../../text/usage-error.js';
import type { Pod, Release } from './cluster.js';

/**
 * Makes sure that pods run what their Deployments, or their SpinApps, name now: while an upgrade is not through, pods of
 * before it are ready too. Where a digest is named, and the node has one of the same repository, these are compared; a node
 * knows an image that was imported by no digest of a registry. There, and without a digest, the name must be the same, and what
 * every pod runs under it.
 *
 * @param releases of the namespace; pods of none of them are not looked at.
 * @throws UsageError with the pod, what it runs, what was expected, and what to wait for.
 */
export function proveReleased(releases: readonly Release[], pods: readonly Pod[]): void {
  for (const release of releases) {
    const { namespace, name, image, namedBy } = release;
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
      `the pod ${namespace}/${other.name} runs ${runs}, and the ${namedBy} ${name} names ${image}, whose pods must all run the same: ` +
        `wait for ${waitText(release)}, and start the run again`,
    );
  }
}

/** A rollout is of what the Deployment names: it is over at once while spin-operator has not brought the SpinApp's image there. */
function waitText({ namespace, name, image, namedBy }: Release): string {
  const deployment = `deployment/${name} --namespace ${namespace}`;
  const rollout = `'kubectl rollout status ${deployment}'`;
  if (namedBy === 'Deployment') return rollout;
  const brought = `--for=jsonpath="{.spec.template.spec.containers[0].image}=${image}"`;
  return `'kubectl wait ${deployment} ${brought} --timeout=5m' and then ${rollout}`;
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

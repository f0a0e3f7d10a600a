import type { Cluster } from './cluster.js';

/** The pods of one role of a release: the app's, or those of its daprd where that is apart. */
export interface RolePods {
  readonly namespace: string;
  readonly role: string;
  readonly part: 'app' | 'dapr';
}

/** Kills the pods of a role: no signal that they could answer comes first. */
export async function killPods(cluster: Cluster, pods: RolePods): Promise<void> {
  await cluster.kubectl(['delete', 'pods', ...selected(pods), '--grace-period=0', '--force']);
}

/** Evicts the pods of a role, as `kubectl drain` does on a node: the disruption budget is asked, and each is stopped properly. */
export async function evictPods(cluster: Cluster, pods: RolePods): Promise<void> {
  const { namespace } = pods;
  const names = (await cluster.kubectl(['get', 'pods', ...selected(pods), '--output=name'])).split('\n');
  for (const name of names.map(each => each.replace('pod/', ''))) {
    const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace } };
    const path = `/api/v1/namespaces/${namespace}/pods/${name}/eviction`;
    await untilTaken(() =>
      cluster.kubectl(['create', '--raw', path, '--filename', '-'], { input: JSON.stringify(eviction) }),
    );
  }
}

/** Kills the process of every daprd of a role inside its container, as the kernel does when memory runs out. */
export async function killDaprds({ namespaces }: Cluster, role: string): Promise<void> {
  // No process outside the node's own process namespace can be seen there.
  await namespaces.run({ command: ['pkill', '--signal', 'KILL', '--full', `^/daprd .*--app-id=${role}( |$)`] });
}

/** The budget refuses with 429 for as long as another pod of the role is not back. */
async function untilTaken(evict: () => Promise<unknown>): Promise<void> {
  const endMs = Date.now() + 60_000;
  for (;;) {
    try {
      await evict();
      return;
    } catch (error) {
      if (!String(error).includes('disruption budget') || Date.now() > endMs) throw error;
    }
  }
}

function selected({ namespace, role, part }: RolePods): string[] {
  const labels = `app.kubernetes.io/component=${role},order-bench/part=${part}`;
  return ['--namespace', namespace, '--selector', labels];
}

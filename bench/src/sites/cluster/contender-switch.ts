import { setTimeout as delay } from 'node:timers/promises';
import { APP_IDS } from '@order-bench/orders';
import { UsageError } from '../../text/usage-error.js';
import type { Cluster, Deployment, Pod } from './cluster.js';
import { deploymentName, proveReleased } from './released-images.js';

const POLL_MS = 500;
const TIMEOUT_MS = 300_000;

/** What comes after everything is stopped. */
export interface StopOptions {
  /** `contender` of the chart that runs next; it is stopped too, for its processes shall be fresh. */
  readonly next: string;
  /** Whether KEDA is to decide how many pods that has. */
  readonly isScaled: boolean;
  readonly signal: AbortSignal;
}

/**
 * Scales the daprds of every contender to 0, and the apps that are Deployments of the chart, has KEDA keep at 0 what it
 * scales, and waits until their pods are gone: nobody receives from the queues then. SpinApps stay, for spin-operator knows
 * no 0; without a daprd nothing reaches them.
 *
 * @throws UsageError where the next contender is not installed, or in two namespaces, or with the Order API, or where one has its
 *   daprds in the pods of its apps or nobody owns its replicas: nothing is scaled then; Error when pods stay.
 */
export async function stopContenders(
  cluster: Cluster,
  { next, isScaled: wantsScaled, signal }: StopOptions,
): Promise<void> {
  const deployments = await cluster.deployments();
  const scaled = await cluster.scaledObjects();
  const isScaled = ({ namespace, name }: Pick<Deployment, 'namespace' | 'name'>) =>
    scaled.some(each => each.namespace === namespace && each.target === name);
  const installed = [...deployments, ...scaled, ...(await cluster.pods())];
  const contenders = new Set(installed.map(({ contender }) => contender));
  if (!contenders.has(next)) {
    const there = [...contenders].join(', ') || 'no contender';
    throw new UsageError(
      `${next} is not installed on the cluster of kubectl’s context, there is ${there}: helm upgrade --install it, as in deploy/README.md`,
    );
  }
  const namespaces = new Set(installed.filter(each => each.contender === next).map(({ namespace }) => namespace));
  if (namespaces.size > 1) {
    throw new UsageError(
      `${next} is installed in more than one namespace, ${[...namespaces].sort().join(', ')}: helm uninstall all but one`,
    );
  }
  const own = APP_IDS.flatMap(role =>
    (['app', 'dapr'] as const).map(part => deploymentName({ contender: next, role, part })),
  );
  const other = deployments.find(({ contender, name }) => contender === next && !own.includes(name));
  if (other) {
    throw new UsageError(
      `${other.name} would be counted as ${next}'s, and so would the events that go with the Order API: install ${next} with orderApi.enabled=false`,
    );
  }
  if (wantsScaled !== scaled.some(each => each.contender === next)) {
    throw new UsageError(
      wantsScaled
        ? `KEDA does not scale ${next}: install it with keda.enabled=true, and KEDA itself`
        : `KEDA decides how many pods ${next} has: install it with keda.enabled=false, or use bench scale`,
    );
  }
  for (const contender of contenders) {
    const hasDaprds = deployments.some(each => each.contender === contender && each.part === 'dapr');
    if (!hasDaprds && !scaled.some(each => each.contender === contender)) {
      throw new UsageError(
        `the contender ${contender} can't be kept from the queues, its daprds are not Deployments of the chart: install it with dapr.mode=shared`,
      );
    }
  }
  const fixed = deployments.filter(each => !isScaled(each));
  requireOwnReplicas(fixed);
  for (const each of scaled.filter(({ isPaused }) => !isPaused)) await cluster.pause(each);
  for (const deployment of fixed) {
    if (deployment.replicas > 0) await cluster.scale(deployment, 0);
  }
  const stopped = new Set([...deployments, ...scaled.map(each => ({ ...each, part: 'app' as const }))].map(partName));
  await until(
    async () => (await cluster.pods()).filter(pod => stopped.has(partName(pod))).map(named),
    'still there after they were scaled to 0',
    signal,
  );
}

/** One contender that is up: pods that all started for this run. */
export interface StartedContender {
  readonly namespace: string;
  /** All of them ready. */
  readonly pods: readonly Pod[];
}

/**
 * Brings one contender up, apps first, with the replicas that the chart gives it; the pods of a SpinApp are replaced, so
 * that every process is fresh.
 *
 * @param contender `contender` of the chart.
 * @throws UsageError where the chart does not own its replicas, or a pod runs another image than its release names; Error when a
 *   pod does not get ready.
 */
export async function startContender(
  cluster: Cluster,
  contender: string,
  signal: AbortSignal,
): Promise<StartedContender> {
  const own = (await cluster.deployments()).filter(each => each.contender === contender);
  const [first] = own;
  if (!first) throw new UsageError(`${contender} was uninstalled meanwhile: install it, and start the run again`);
  const { namespace } = first;
  requireOwnReplicas(own);
  const left = (await cluster.pods()).filter(pod => pod.contender === contender);
  if (left.length > 0) await cluster.deletePods(left);
  for (const part of ['app', 'dapr'] as const) {
    for (const deployment of own.filter(each => each.part === part)) {
      await cluster.scale(deployment, deployment.chartReplicas ?? 0);
    }
    await until(() => notReady(cluster, { namespace, contender, part }), 'not ready', signal);
  }
  const pods = (await cluster.pods()).filter(pod => pod.contender === contender);
  proveReleased(await cluster.releases(namespace), pods);
  return { namespace, pods };
}

interface Wanted extends Pick<Pod, 'contender' | 'part'> {
  readonly namespace: string;
}

/** What lacks until every role has as many ready pods as its Deployment, the chart's or spin-operator's, asks for. */
async function notReady(cluster: Cluster, { namespace, contender, part }: Wanted): Promise<string[]> {
  const deployments = await cluster.deployments(namespace);
  const pods = (await cluster.pods()).filter(pod => pod.contender === contender && pod.part === part);
  return APP_IDS.flatMap(role => {
    const name = deploymentName({ contender, role, part });
    const replicas = deployments.find(each => each.name === name)?.replicas ?? 0;
    const own = pods.filter(pod => pod.role === role);
    const unready = own.filter(({ isReady }) => !isReady);
    if (replicas > 0 && own.length === replicas && unready.length === 0) return [];
    return unready.length > 0 ? unready.map(named) : [`${name} (${own.length} of ${replicas} pods)`];
  });
}

/** Without the chart's number nobody knows what to start. */
function requireOwnReplicas(deployments: readonly Deployment[]): void {
  const unowned = deployments.find(({ chartReplicas }) => chartReplicas === undefined);
  if (unowned) {
    throw new UsageError(
      `nobody says how many pods ${unowned.name} has: install ${unowned.contender} with the chart of this checkout`,
    );
  }
}

/**
 * Waits until a list is empty.
 *
 * @throws Error with what is left of it, after minutes.
 */
export async function until(
  read: () => Promise<readonly string[]>,
  trouble: string,
  signal: AbortSignal,
): Promise<void> {
  const giveUpAtMs = performance.now() + TIMEOUT_MS;
  for (;;) {
    const left = await read();
    if (left.length === 0) return;
    if (performance.now() > giveUpAtMs) {
      throw new Error(`${left.join(', ')}: ${trouble} within ${TIMEOUT_MS / 1000} s; kubectl describe pod says why`);
    }
    await delay(POLL_MS, undefined, { signal });
  }
}

function named({ namespace, name }: Pod): string {
  return `pod ${namespace}/${name}`;
}

function partName({ contender, part }: Pick<Deployment, 'contender' | 'part'>): string {
  return `${contender}/${part}`;
}

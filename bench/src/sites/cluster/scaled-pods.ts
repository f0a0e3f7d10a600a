import { APP_IDS } from '@order-bench/orders';
import { scalingFigures } from '../../figures/scaling.js';
import { UsageError } from '../../text/usage-error.js';
import { harnessUsage } from '../run-cost.js';
import type { Cluster } from './cluster.js';
import { clusterSettings } from './cluster-facts.js';
import type { BringUp, BringUpOptions, BroughtUp } from './cluster-site.js';
import { contenderCost } from './contender-cost.js';
import { until } from './contender-switch.js';
import { proveReleased } from './released-images.js';

/**
 * Brings a contender up with KEDA at work, from so many pods a role on, and sees how it is scaled. The nodes are all of the
 * cluster's, for pods may come onto any.
 *
 * @throws UsageError where KEDA does not scale each of its roles, or a pod runs another image than its release names.
 */
export function scaledPods(from: number): BringUp {
  return { isScaled: true, start: options => start(options, from) };
}

async function start({ cluster, contender, chart, place, signal }: BringUpOptions, from: number): Promise<BroughtUp> {
  const keda = await cluster.keda();
  const scaled = (await cluster.scaledObjects()).filter(each => each.contender === chart);
  const [first] = scaled;
  if (!keda || !first || APP_IDS.some(role => !scaled.some(each => each.role === role))) {
    throw new UsageError(
      `KEDA does not scale each role of ${chart}: install KEDA, and ${chart} with keda.enabled=true`,
    );
  }
  const { namespace } = first;
  const deployments = await cluster.deployments(namespace);
  for (const daprd of deployments.filter(each => each.contender === chart && each.part === 'dapr')) {
    await cluster.scale(daprd, daprd.chartReplicas ?? 1);
  }
  for (const each of scaled) await cluster.resume(each, from);
  await until(() => notReady(cluster, { chart, namespace, from }), 'not ready to be scaled', signal);
  const pods = (await cluster.pods()).filter(pod => pod.contender === chart);
  proveReleased(await cluster.releases(namespace), pods);
  const settings = await clusterSettings({ cluster, contender, started: { namespace, pods }, place });
  const watch = cluster.watchScaling(scaled);
  return {
    namespace,
    nodes: [...(await cluster.nodes()).values()],
    settings: { ...settings, replicasPerRole: from, keda: { ...keda }, scaledObject: { ...first.scaling } },
    failure: watch.failure,
    measure: async ({ cores, queueAheadMs }) => {
      const usage = () => ({ atMs: performance.now(), harness: harnessUsage(), pods: new Map() });
      const before = usage();
      return {
        end: async ({ counts }) => ({
          // Pods that come and go: what they take is told by how long they are there.
          cost: contenderCost({ pods: [], before, after: usage(), orders: counts.count, cores }),
          foreignReceivers: [],
        }),
        hops: async () => [],
        scaling: ({ scheduledEnqueueTimeMs, writtenAtMs }) => ({
          from,
          most: first.most,
          roles: scalingFigures({
            sightings: watch.sightings,
            roles: APP_IDS,
            startMs: scheduledEnqueueTimeMs - queueAheadMs,
            writtenMs: [...writtenAtMs.values()].map(atMs => atMs - scheduledEnqueueTimeMs),
          }),
        }),
      };
    },
    stop: () => watch.stop(),
  };
}

/**
 * Contenders can be held against each other only where they are scaled in the same way.
 *
 * @throws UsageError naming two that are scaled differently.
 */
export async function mustScaleAlike(
  cluster: Pick<Cluster, 'scaledObjects'>,
  charts: readonly string[],
): Promise<void> {
  const scaled = await cluster.scaledObjects();
  const scalingOf = (chart: string) =>
    JSON.stringify(APP_IDS.map(role => scaled.find(each => each.contender === chart && each.role === role)?.scaling));
  const [first = '', ...others] = charts;
  const other = others.find(chart => scalingOf(chart) !== scalingOf(first));
  if (other !== undefined) {
    throw new UsageError(
      `${first} and ${other} are not scaled in the same way: install both with the same values of keda`,
    );
  }
}

interface Wanted {
  readonly chart: string;
  readonly namespace: string;
  readonly from: number;
}

/** What lacks until every role has its pods, and what scales it has read its queue. */
async function notReady(cluster: Cluster, { chart, namespace, from }: Wanted): Promise<string[]> {
  const own = (await cluster.pods()).filter(pod => pod.contender === chart);
  const scaled = (await cluster.scaledObjects()).filter(each => each.contender === chart);
  // At no pods there is no autoscaler at work: KEDA itself looks.
  const read = from === 0 ? scaled.map(({ target }) => target) : await cluster.readAutoscalers(namespace);
  const unready = own.filter(({ isReady }) => !isReady).map(({ name }) => `the pod ${name}`);
  return [
    ...unready,
    ...scaled.flatMap(({ name, role, target, isReady }) => {
      const pods = own.filter(pod => pod.part === 'app' && pod.role === role).length;
      if (pods !== from) return [`${target} (${pods} of ${from} pods)`];
      if (!isReady) return [`the ScaledObject ${name}`];
      return read.includes(target) ? [] : [`the autoscaler of ${target}, which has not read its queue`];
    }),
  ];
}

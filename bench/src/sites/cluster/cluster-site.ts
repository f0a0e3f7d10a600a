import { type Contender, usesNode, usesSpin } from '../../contenders/contender.js';
import type { RuntimeFacts } from '../../contenders/runtime.js';
import type { RunLog } from '../../run/run-log.js';
import type { Site } from '../../run/site.js';
import { UsageError } from '../../text/usage-error.js';
import { makeOutboxes } from '../../verify/blob-store.js';
import { describeMachine } from '../environment.js';
import type { Cluster } from './cluster.js';
import { clusterSettings, coresOf, environmentOf, nodesOf } from './cluster-facts.js';
import { ContenderMeter } from './contender-meter.js';
import { startContender, stopContenders } from './contender-switch.js';
import type { Place } from './place.js';
import { watchPods } from './pod-watch.js';

/** What is brought up, and where. */
export interface ClusterSiteOptions {
  readonly cluster: Cluster;
  readonly openPlace: () => Promise<Place>;
  readonly contender: Contender;
  /** What runs its apps where that is not what the contender says. */
  readonly standIn: RuntimeFacts | null;
  readonly log: RunLog;
  readonly signal: AbortSignal;
}

/** Reading counters through kubectl takes a second or two. */
const SAMPLE_BEFORE_MS = 6_000;
const EXTRA_LEAD_MS = 10_000;
/** A pod that crashes is up again within seconds, and its restarts are counted: a look now and then misses none. */
const WATCH_EVERY_MS = 5_000;

/**
 * Makes the place ready for a run: makes sure that queues and outboxes are the bench's, stops every contender, empties
 * them, reads the clocks, and brings one contender up, alone.
 *
 * @throws UsageError for what the user has to put right first; Error when the place or the cluster refuses.
 */
export async function openClusterSite(options: ClusterSiteOptions): Promise<Site> {
  const { cluster, contender, log, signal } = options;
  const chart = chartName(contender);
  const machine = await describeMachine({});
  const place = await options.openPlace();
  const standIns = async () => (place.pods.length > 0 ? cluster.standIns() : []);
  try {
    // First of all: where somebody else's messages are, nothing is to be stopped either.
    await place.claim();
    log.step('stopping every contender');
    await stopContenders(cluster, { next: chart, signal });
    await makeOutboxes(place.blobs);
    await place.empty();
    const clockOffsets = await place.clocks();
    log.step(`starting ${contender.name}`);
    const started = await startContender(cluster, chart, signal);
    const pods = [...started.pods, ...place.pods];
    const nodes = await nodesOf(cluster, pods);
    const running = { pods: async () => [...(await cluster.pods()), ...(await standIns())] };
    const meter = new ContenderMeter({ ...cluster, ...running }, { pods, cores: coresOf(nodes) });
    const settings = await clusterSettings({ cluster, contender, started, place });
    const watch = watchPods({ cluster: running, pods, everyMs: WATCH_EVERY_MS });
    return {
      ...place,
      runtime: options.standIn ?? runtimeOnCluster(contender),
      environment: environmentOf(machine, nodes),
      settings,
      logs: `the logs of the pods in ${started.namespace}`,
      sampleBeforeMs: SAMPLE_BEFORE_MS,
      extraLeadMs: EXTRA_LEAD_MS,
      queueAheadMs: clockOffsets.queue?.offsetMs ?? 0,
      failure: Promise.race([watch.failure, place.failure]),
      async measure() {
        place.front?.forget();
        return meter.measure();
      },
      timing: startMs => ({ clockOffsets, ...firstEnqueued(place, startMs) }),
      async close() {
        watch.stop();
        await place.close();
      },
    };
  } catch (error) {
    await place.close();
    throw error;
  }
}

function firstEnqueued({ front }: Place, startMs: number): { readonly firstEnqueuedMs?: number | null } {
  if (!front) return {};
  return { firstEnqueuedMs: front.firstEnqueuedAtMs === null ? null : front.firstEnqueuedAtMs - startMs };
}

/** On a cluster the images decide which version it is; they stand in the result's settings. */
function runtimeOnCluster(contender: Contender): RuntimeFacts {
  const kind = usesSpin(contender) ? 'spin' : usesNode(contender) ? 'node' : 'other';
  return { name: contender.runtime, kind, version: null };
}

/**
 * `contender` of deploy/chart that a contender is installed as.
 *
 * @throws UsageError for one that is not made for the cluster.
 */
export function chartName({ name, chart }: Pick<Contender, 'name' | 'chart'>): string {
  if (chart === undefined) {
    throw new UsageError(`${name} does not run on a cluster, its contender.json names no 'chart': leave it out`);
  }
  return chart;
}

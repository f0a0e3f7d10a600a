import { type Contender, usesNode, usesSpin } from '../../contenders/contender.js';
import type { RuntimeFacts } from '../../contenders/runtime.js';
import type { SiteSettings } from '../../results/result.js';
import type { RunLog } from '../../run/run-log.js';
import type { Measurement, Site } from '../../run/site.js';
import { UsageError } from '../../text/usage-error.js';
import { makeOutboxes } from '../../verify/blob-store.js';
import { type Pipeline, pipelineOf } from '../../workload/pipeline.js';
import { describeMachine } from '../environment.js';
import type { Cluster, Node } from './cluster.js';
import { coresOf, environmentOf } from './cluster-facts.js';
import { stopContenders } from './contender-switch.js';
import type { Place } from './place.js';

/** What is brought up, and where. */
export interface ClusterSiteOptions {
  readonly cluster: Cluster;
  /** Of the contender's pipeline. */
  readonly openPlace: (pipeline: Pipeline) => Promise<Place>;
  readonly contender: Contender;
  /** What runs its apps where that is not what the contender says. */
  readonly standIn: RuntimeFacts | null;
  readonly log: RunLog;
  readonly signal: AbortSignal;
}

/** A contender that is up. */
export interface BroughtUp {
  readonly namespace: string;
  /** On which the run takes place. */
  readonly nodes: readonly Node[];
  readonly settings: SiteSettings;
  /** Never resolves; rejects when a part of it breaks down. */
  readonly failure: Promise<never>;
  measure(known: { readonly cores: number; readonly queueAheadMs: number }): Promise<Measurement>;
  stop(): void;
}

/** What a contender is brought up with. */
export interface BringUpOptions extends Pick<ClusterSiteOptions, 'cluster' | 'contender' | 'signal'> {
  readonly place: Place;
  /** `contender` of the chart. */
  readonly chart: string;
}

/** A way to bring a contender up that was stopped. */
export interface BringUp {
  /** Whether KEDA decides how many pods there are. */
  readonly isScaled: boolean;
  start(options: BringUpOptions): Promise<BroughtUp>;
}

/** Reading counters through kubectl takes a second or two. */
const SAMPLE_BEFORE_MS = 6_000;
const EXTRA_LEAD_MS = 10_000;
/**
 * Makes the place ready for a run: makes sure that queues and outboxes are the bench's, stops every contender, empties
 * them, reads the clocks, and brings one contender up, alone.
 *
 * @throws UsageError for what the user has to put right first; Error when the place or the cluster refuses.
 */
export async function openClusterSite(options: ClusterSiteOptions, bringUp: BringUp): Promise<Site> {
  const { cluster, contender, log, signal } = options;
  const chart = chartName(contender);
  const machine = await describeMachine({});
  const place = await options.openPlace(pipelineOf(contender));
  try {
    // First of all: where somebody else's messages are, nothing is to be stopped either.
    await place.claim();
    log.step('stopping every contender');
    await stopContenders(cluster, { next: chart, isScaled: bringUp.isScaled, signal });
    await makeOutboxes(place.blobs);
    await place.empty();
    const clockOffsets = await place.clocks();
    const queueAheadMs = clockOffsets.queue?.offsetMs ?? 0;
    log.step(`starting ${contender.name}`);
    const broughtUp = await bringUp.start({ cluster, contender, signal, place, chart });
    const { nodes } = broughtUp;
    return {
      ...place,
      runtime: options.standIn ?? runtimeOnCluster(contender),
      environment: environmentOf(machine, nodes),
      settings: broughtUp.settings,
      logs: `the logs of the pods in ${broughtUp.namespace}`,
      sampleBeforeMs: SAMPLE_BEFORE_MS,
      extraLeadMs: EXTRA_LEAD_MS,
      queueAheadMs,
      failure: Promise.race([broughtUp.failure, place.failure]),
      async measure() {
        place.front?.forget();
        return broughtUp.measure({ cores: coresOf(nodes), queueAheadMs });
      },
      timing: startMs => ({ clockOffsets, ...firstEnqueued(place, startMs) }),
      async close() {
        broughtUp.stop();
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

import type { ServiceBusClient } from '@azure/service-bus';
import type { BlobServiceClient } from '@azure/storage-blob';
import { type Contender, usesNode, usesSpin } from '../../contenders/contender.js';
import type { RuntimeFacts } from '../../contenders/runtime.js';
import type { ClockOffsets } from '../../results/result.js';
import type { RunLog } from '../../run/run-log.js';
import type { Site } from '../../run/site.js';
import { UsageError } from '../../text/usage-error.js';
import { listedStore } from '../../verify/blob-store.js';
import { INGRESS_QUEUE, OUTBOXES, QUEUES } from '../../workload/pipeline.js';
import { describeMachine } from '../environment.js';
import { blobClock, clockOffset, queueClock } from './clock-offset.js';
import type { Cluster } from './cluster.js';
import { clusterSettings, coresOf, environmentOf, nodesOf } from './cluster-facts.js';
import { ContenderMeter } from './contender-meter.js';
import { startContender, stopContenders } from './contender-switch.js';
import { etagWrite } from './etag-time.js';
import { claim } from './ownership.js';
import { watchPods } from './pod-watch.js';
import { queueContents } from './queue-contents.js';
import { QueueFront } from './queue-front.js';
import { whereOnAzure } from './where-on-azure.js';

/** Namespace, account and cluster that a run takes place on. */
export interface AzureTarget {
  /** A client of its own for the caller, who closes it. */
  connectBus(): ServiceBusClient;
  readonly blobs: BlobServiceClient;
  readonly cluster: Cluster;
  /** Empties queues and containers that are not the bench's. */
  readonly force: boolean;
}

/** What is brought up, and where. */
export interface AzureSiteOptions {
  readonly target: AzureTarget;
  readonly contender: Contender;
  readonly log: RunLog;
  readonly signal: AbortSignal;
}

/** A look lists every blob; the drain's figures come from write times, so that looking less often costs no accuracy. */
const POLL_MS = 1_000;
/** Reading counters through kubectl takes a second or two. */
const SAMPLE_BEFORE_MS = 6_000;
const EXTRA_LEAD_MS = 10_000;
/** A pod that crashes is up again within seconds, and its restarts are counted: a look now and then misses none. */
const WATCH_EVERY_MS = 5_000;

/**
 * Makes the place ready for a run: makes sure that queues and outboxes are the bench's, stops every contender, empties
 * them, reads the clocks, and brings one contender up, alone.
 *
 * @throws UsageError for what the user has to put right first; Error when Azure or the cluster refuses.
 */
export async function openAzureSite(options: AzureSiteOptions): Promise<Site> {
  const { target, contender, log, signal } = options;
  const { cluster, blobs } = target;
  const chart = chartName(contender);
  const machine = await describeMachine({});
  const store = listedStore({ service: blobs, containers: OUTBOXES, lastWrite: etagWrite });
  const bus = target.connectBus();
  const live = QUEUES.map(queue => queueContents(bus, queue));
  const dead = QUEUES.map(queue => queueContents(bus, queue, 'dead'));
  const close = async () => {
    await Promise.all([...live, ...dead].map(each => each.close()));
    await bus.close();
  };
  const empty = async () => {
    await Promise.all([...live.map(each => each.empty()), store.empty()]);
    // Afterwards: until its queue is empty a message may still become a dead letter.
    await Promise.all(dead.map(each => each.empty()));
  };
  try {
    // First of all: where somebody else's messages are, nothing is to be stopped either.
    await claim({ bus, blobs, queues: QUEUES, containers: OUTBOXES, force: target.force });
    log.step('stopping every contender');
    await stopContenders(cluster, { next: chart, signal });
    await Promise.all(OUTBOXES.map(container => blobs.getContainerClient(container).createIfNotExists()));
    await empty();
    const clockOffsets: ClockOffsets = {
      queue: await clockOffset(queueClock(bus, INGRESS_QUEUE)),
      blobs: await clockOffset(blobClock(blobs.getContainerClient(OUTBOXES[0] as string))),
    };
    log.step(`starting ${contender.name}`);
    const started = await startContender(cluster, chart, signal);
    const nodes = await nodesOf(cluster, started.pods);
    const meter = new ContenderMeter(cluster, started, coresOf(nodes));
    const settings = await clusterSettings(cluster, contender, started);
    const front = new QueueFront(live);
    const watch = watchPods({ cluster, pods: started.pods, everyMs: WATCH_EVERY_MS });
    return {
      target: 'azure',
      runtime: runtimeOnAzure(contender),
      environment: environmentOf(machine, nodes),
      settings,
      logs: `the logs of the pods in ${started.namespace}`,
      blobs,
      store,
      pollMs: POLL_MS,
      sampleBeforeMs: SAMPLE_BEFORE_MS,
      extraLeadMs: EXTRA_LEAD_MS,
      queueAheadMs: clockOffsets.queue?.offsetMs ?? 0,
      failure: watch.failure,
      connectBus: () => target.connectBus(),
      movingMessages: () => front.count(),
      empty,
      async measure() {
        front.forget();
        return meter.measure();
      },
      queues: async () => null,
      whereLastSeen: missing => whereOnAzure(target.connectBus(), missing),
      timing: startMs => ({
        clockOffsets,
        firstEnqueuedMs: front.firstEnqueuedAtMs === null ? null : front.firstEnqueuedAtMs - startMs,
      }),
      async close() {
        watch.stop();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** On a cluster the images decide which version it is; they stand in the result's settings. */
function runtimeOnAzure(contender: Contender): RuntimeFacts {
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
    throw new UsageError(`${name} does not run on Azure, its contender.json names no 'chart': leave it out`);
  }
  return chart;
}

import { join } from 'node:path';
import { ServiceBusClient } from '@azure/service-bus';
import { BlobServiceClient } from '@azure/storage-blob';
import { APP_IDS } from '@order-bench/orders';
import {
  type BlobStoreKind,
  checkoutDir,
  daprSettings,
  type Rig,
  startRig,
  type Tool,
  tracingFrom,
} from '@order-bench/rig';
import { appsOf } from '../../contenders/apps.js';
import type { Contender } from '../../contenders/contender.js';
import { NO_LATENCY, rigLatency } from '../../contenders/latency.js';
import { type Runtime, runtimeFacts, runtimeTitle } from '../../contenders/runtime.js';
import { effectiveSpinSettings } from '../../contenders/spin-settings.js';
import type { Tuning } from '../../contenders/tuning.js';
import { sampleDaprds } from '../../figures/daprd-metrics.js';
import type { Environment, SiteSettings } from '../../results/result.js';
import { inFileName } from '../../results/result-file.js';
import { rigDrain } from '../../run/drain-watch.js';
import type { RunBasics } from '../../run/measured-run.js';
import type { Measurement, Site } from '../../run/site.js';
import { blobStore } from '../../verify/blob-store.js';
import { whereLastSeen } from '../../verify/correctness.js';
import { withoutEvent } from '../../verify/events.js';
import { SUBSCRIPTIONS, TOPICS } from '../../workload/order-api.js';
import { OUTBOXES, pipelineOf } from '../../workload/pipeline.js';
import { environment } from '../environment.js';
import { costSince, residentBytes, startCost } from '../run-cost.js';
import { traceHops } from '../trace-hops.js';

/** What to run on this machine, and with what. */
export interface RunOptions extends RunBasics {
  readonly blobs: BlobStoreKind;
  /** What is set otherwise than contender and manifests have it. */
  readonly tuning: Tuning;
  readonly daprd: Tool;
  readonly runtime: Runtime;
  /** Whether receivers publish that an order is written: each subscription then holds the events, and nothing reads them. */
  readonly publishes?: boolean;
  /** Told as soon as the rig runs, so that its holder can show and kill it. */
  readonly onRig?: (rig: Rig) => void;
}

/**
 * The drain's figures come from write times, so that looking less often costs no accuracy, but idle time at the end would
 * lower the machine's busy share. A look takes about 4 ms of CPU.
 */
const POLL_MS = 500;
/** As many as the broker keeps by itself. */
const SETTLED_RECORDS = 20_000;
/** Late enough that nothing but the drain is measured. */
const SAMPLE_BEFORE_MS = 250;

/** Starts a fresh rig with a contender, as a site. Its contender is tuned already. */
export async function openRigSite(options: RunOptions): Promise<Site> {
  const { contender, tuning, log, signal, publishes = false } = options;
  const startedAtMs = Date.now();
  const machine = await environment({ versions: versionsOf(options), say: text => log.step(text), signal });
  log.step(`starting the rig for ${contender.name}`);
  const { entities } = pipelineOf(contender);
  const rig = await startRig({
    runDir: join(checkoutDir, '.rig', `${startedAtMs}-${inFileName(contender.name)}`),
    queues: entities.queues,
    topics: { ...entities.topics, ...(publishes ? TOPICS : {}) },
    apps: appsOf(contender, APP_IDS, options.runtime, publishes ? { events: 'on' } : {}),
    blobs: options.blobs,
    daprd: options.daprd.command,
    ...rigLatency(tuning.latency ?? NO_LATENCY, options.blobs),
    ...(contender.handlers === undefined ? {} : { handlers: contender.handlers }),
    // So that every order can be traced after the drain.
    settledRecords: Math.max(SETTLED_RECORDS, options.count + options.malformed),
  });
  options.onRig?.(rig);
  try {
    const settings = await rigSettings(options, rig);
    const facts = { machine, contender, runtime: options.runtime, settings, daprdVersion: options.daprd.version };
    return siteOf(rig, { ...facts, publishes });
  } catch (error) {
    await rig.stop();
    throw error;
  }
}

interface SiteFacts {
  readonly machine: Environment;
  readonly contender: Contender;
  readonly runtime: Runtime;
  readonly settings: Site['settings'];
  readonly daprdVersion: string;
  readonly publishes: boolean;
}

function siteOf(rig: Rig, facts: SiteFacts): Site {
  const { machine, contender, runtime, settings, daprdVersion, publishes } = facts;
  const { ingress, stops } = pipelineOf(contender);
  const store = blobStore(rig, OUTBOXES);
  return {
    // Events stay in their subscriptions.
    ...rigDrain(rig, [ingress, ...stops]),
    target: 'local',
    runtime: runtimeFacts(runtime),
    environment: machine,
    settings,
    logs: `the logs in ${rig.logDir}`,
    blobs: BlobServiceClient.fromConnectionString(rig.blobConnectionString),
    store,
    pollMs: POLL_MS,
    sampleBeforeMs: SAMPLE_BEFORE_MS,
    extraLeadMs: 0,
    queueAheadMs: 0,
    connectBus: () => new ServiceBusClient(rig.serviceBusConnectionString),
    async empty() {
      const queues = await rig.broker.queues();
      await Promise.all([...queues.map(({ name }) => rig.broker.purge(name)), store.empty()]);
    },
    residentBytes: () => residentBytes(rig.supervisor),
    measure: () => measurementOf(rig, contender, daprdVersion),
    queues: () => rig.broker.queues(),
    ...(publishes && { withoutEvent: orders => withoutEvent(rig.broker, orders) }),
    whereLastSeen: missing => whereLastSeen(rig.broker, stops, missing),
    timing: () => ({}),
    close: () => rig.stop(),
  };
}

async function measurementOf(rig: Rig, { transport }: Contender, daprdVersion: string): Promise<Measurement> {
  const before = await sampleDaprds(rig.daprs);
  const cost = await startCost(rig.supervisor);
  return {
    end: async ({ counts }) => ({
      cost: await costSince(rig.supervisor, cost, counts.count),
      foreignReceivers: [],
    }),
    hops: async writtenAtMs => {
      // Of orders that come in bulk Dapr times their calls, each with many.
      if (rig.daprs.length === 0 || transport === 'topics') return [];
      const names = (isDistributor: boolean) =>
        rig.daprs.filter(({ appId }) => (appId === 'distributor') === isDistributor).map(({ name }) => name);
      return traceHops({
        messages: queue => rig.broker.messages(queue),
        before,
        after: await sampleDaprds(rig.daprs),
        distributor: names(true),
        receivers: names(false),
        daprdVersion,
        writtenAtMs,
      });
    },
  };
}

function versionsOf({ daprd, runtime, contender }: RunOptions): Record<string, string> {
  return {
    ...(contender.dapr === false ? {} : { daprd: `${daprd.version} (${daprd.kind})` }),
    runtime: runtimeTitle(runtime),
  };
}

/** Every setting of a contender on this machine that can change the outcome of a run, as its result records it. */
async function rigSettings(options: RunOptions, rig: Rig): Promise<SiteSettings> {
  const { contender, tuning, runtime, daprd } = options;
  const tracing = tracingFrom(process.env);
  return {
    ...(contender.settings ?? {}),
    host: runtimeTitle(runtime),
    ...(runtime.info === null ? {} : { standIn: runtime.info }),
    blobs: options.blobs,
    latency: tuning.latency ?? NO_LATENCY,
    replicasPerRole: contender.replicas ?? 1,
    ...(options.publishes ? { events: { subscriptions: SUBSCRIPTIONS, readers: 0 } } : {}),
    ...(tracing ? { tracing: { samplingRate: tracing.samplingRate } } : {}),
    ...(contender.spin ? { spin: effectiveSpinSettings(contender.spin, process.env) } : {}),
    daprd: { kind: daprd.kind, version: daprd.version, ...(await daprSettings(rig.resourcesDir)) },
  };
}

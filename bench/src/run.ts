import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { APP_IDS } from '@order-bench/orders';
import { type BlobStoreKind, checkoutDir, daprSettings, type Rig, startRig, type Tool } from '@order-bench/rig';
import { blobStore, makeOutboxes } from './blob-store.js';
import { appsOf, type Contender } from './contender.js';
import { correctness, whereLastSeen } from './correctness.js';
import { peekDeadLetters } from './dead-letters.js';
import { drainCurve, drainFigures } from './drain-figures.js';
import { watchDrain } from './drain-watch.js';
import { environment } from './environment.js';
import { OUTBOXES, QUEUES } from './pipeline.js';
import { type RunRecord, type RunResult, SCHEMA_VERSION } from './result.js';
import { costSince, sampleCost } from './run-cost.js';
import type { RunLog } from './run-log.js';
import type { SpinHost } from './spin-host.js';
import { verifyStored } from './verify.js';
import { warmUp } from './warm-up.js';
import { makeWorkload, scheduleBurst, scheduleWindow } from './workload.js';

/** What to run, and with what. */
export interface RunOptions {
  readonly contender: Contender;
  /** Valid orders. */
  readonly count: number;
  readonly seed: number;
  /** Share of the orders that go express, 0 to 1. */
  readonly expressShare: number;
  /** Malformed messages beside the valid orders; as many of the valid ones are made hostile. */
  readonly malformed: number;
  readonly blobs: BlobStoreKind;
  /** Delay of each queue and blob operation. */
  readonly latencyMs: number;
  /** How long the drain may take from the scheduled enqueue time. */
  readonly timeoutMs: number;
  readonly daprd: Tool;
  /** Needed by contenders whose start begins with `{spin}`. */
  readonly spin?: SpinHost;
  readonly log: RunLog;
  readonly signal: AbortSignal;
  /** Told as soon as the rig runs, so that its holder can show and kill it. */
  readonly onRig?: (rig: Rig) => void;
}

const POLL_MS = 250;

/**
 * One measured burst: starts a fresh rig, warms it, schedules the orders for one moment, watches them drain, verifies
 * every one, and stops the rig. Returns the result and stores nothing.
 *
 * @throws ProcessFailed when a process of the rig dies; the signal's reason when it is aborted; Error when the warm-up
 * or the scheduling fails. The rig is stopped in every case.
 */
export async function run(options: RunOptions): Promise<RunResult> {
  const { contender, log, signal } = options;
  const startedAt = new Date();
  const id = randomBytes(4).toString('hex');
  const machine = await environment(versionsOf(options));
  log.step(`starting the rig for ${contender.name}`);
  const rig = await startRig({
    runDir: join(checkoutDir, '.rig', `${startedAt.getTime()}-${contender.name}`),
    queues: QUEUES,
    apps: appsOf(contender, APP_IDS, options.spin),
    blobs: options.blobs,
    daprd: options.daprd.command,
    ...(options.latencyMs > 0 ? { latencyMs: options.latencyMs } : {}),
  });
  try {
    options.onRig?.(rig);
    signal.throwIfAborted();
    await makeOutboxes(rig);
    const store = blobStore(rig, OUTBOXES);
    const workload = await makeWorkload(rig, options);
    log.step('warming up');
    const warmth = await warmUp({ rig, store, send: count => scheduleWindow(rig, count, signal), signal });
    log.step(`scheduling ${options.count} orders`);
    const schedule = await scheduleBurst(rig, workload.messages, signal);
    const before = await sampleCost(rig.supervisor);
    log.step(`draining, logs in ${rig.logDir}`);
    const end = await watchDrain({
      rig,
      store,
      expected: options.count,
      deadlineMs: schedule.scheduledEnqueueTimeMs + options.timeoutMs,
      pollMs: POLL_MS,
      signal,
      onProgress: progress => log.progress(progress),
    });
    const processes = await costSince(rig.supervisor, before, options.count);
    log.step('verifying every order');
    const stored = await verifyStored(store, OUTBOXES, workload.orders);
    const deadLetters = await peekDeadLetters(rig.serviceBusConnectionString, QUEUES);
    const queues = await rig.broker.queues();
    const record: RunRecord = {
      schemaVersion: SCHEMA_VERSION,
      id,
      startedAt: startedAt.toISOString(),
      target: 'local',
      contender: contender.name,
      mode: 'burst',
      orders: workload.counts,
      schedule: {
        scheduledEnqueueTime: new Date(schedule.scheduledEnqueueTimeMs).toISOString(),
        durationMs: Math.round(schedule.durationMs),
        leadMs: Math.round(schedule.leadMs),
      },
      timing: { resolution: store.resolution },
      curve: drainCurve(stored.writtenAtMs, schedule.scheduledEnqueueTimeMs),
      correctness: correctness({ workload, stored, deadLetters, queues }),
      processes,
      environment: machine,
      settings: {
        ...(contender.settings ?? {}),
        runtime: contender.runtime,
        host: options.spin ? options.spin.name : `node ${process.version}`,
        ...(options.spin ? { spinHost: options.spin.info } : {}),
        blobs: options.blobs,
        latencyMs: options.latencyMs,
        expressShare: options.expressShare,
        meanPayloadBytes: workload.meanPayloadBytes,
        replicasPerRole: 1,
        daprd: { kind: options.daprd.kind, version: options.daprd.version, ...(await daprSettings()) },
        warmUp: warmth,
      },
    };
    if (stored.missing.length === 0) {
      const timed = options.malformed === 0 && stored.writtenAtMs.length > 0;
      return {
        ...record,
        status: 'complete',
        drain: timed ? drainFigures(stored.writtenAtMs, schedule.scheduledEnqueueTimeMs) : null,
      };
    }
    const lost = await whereLastSeen(rig.broker, QUEUES, stored.missing);
    const how = end === 'timed out' ? `after ${options.timeoutMs / 1000} s` : 'although every queue is empty';
    return {
      ...record,
      status: 'incomplete',
      reason: `${stored.missing.length} of ${options.count} orders are not written ${how}: ${lost}`,
    };
  } finally {
    await rig.stop();
  }
}

function versionsOf({ daprd, spin, contender }: RunOptions): Record<string, string> {
  return {
    ...(contender.dapr === false ? {} : { daprd: `${daprd.version} (${daprd.kind})` }),
    ...(spin === undefined ? {} : { spin: spin.name }),
  };
}

import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServiceBusClient } from '@azure/service-bus';
import { BlobServiceClient } from '@azure/storage-blob';
import { APP_IDS } from '@order-bench/orders';
import { findDaprd, type Rig, startRig } from '@order-bench/rig';
import { expect, vi } from 'vitest';
import { appsOf } from '../src/contenders/apps.js';
import { findContender, tuned } from '../src/contenders/contender.js';
import { findRuntime } from '../src/contenders/runtime.js';
import type { Correctness } from '../src/results/result.js';
import { rigDrain, watchDrain } from '../src/run/drain-watch.js';
import { type BlobStore, blobStore, makeOutboxes } from '../src/verify/blob-store.js';
import { correctness, whereLastSeen } from '../src/verify/correctness.js';
import { peekDeadLetters } from '../src/verify/dead-letters.js';
import { verifyStored } from '../src/verify/verify.js';
import { OUTBOXES, pipelineOf } from '../src/workload/pipeline.js';
import { makeWorkload, scheduleArrival, type Workload } from '../src/workload/workload.js';

/** A whole rig for a test: one contender, restarted where it dies, and orders on their way through it. */
export interface Pipeline {
  readonly rig: Rig;
  readonly store: BlobStore;
  readonly workload: Workload;
  /** Waits until this many orders are written. */
  written(count: number): Promise<void>;
  /** Waits for the end of the drain and looks up every order: each must be once in its place, and none given up. */
  allWritten(): Promise<Correctness>;
}

const POLL_MS = 50;
const DRAIN_TIMEOUT_MS = 400_000;

/** What a test wants of its rig. */
export interface PipelineOptions {
  readonly contenderName: string;
  readonly orders: number;
  /** 60 s as in Azure, unless the test waits for locks to run out. */
  readonly lockDurationMs?: number;
  /** Processes an app id; as the contender has it, unless the test wants more. */
  readonly replicas?: number;
}

/** Starts a rig that restarts what dies, and schedules orders. Stop it with `rig.stop()`. */
export async function startPipeline(options: PipelineOptions): Promise<Pipeline> {
  const { contenderName, orders: count, lockDurationMs, replicas } = options;
  const shipped = await findContender(contenderName);
  const contender = tuned(shipped, replicas === undefined ? {} : { replicas });
  const runtime = await findRuntime(contender, undefined, new Map());
  const { ingress: to, stops, boxes, entities } = pipelineOf(contender);
  const rig = await startRig({
    runDir: await mkdtemp(join(tmpdir(), 'order-bench-test-')),
    ...entities,
    apps: appsOf(contender, APP_IDS, runtime),
    blobs: 'local',
    daprd: (await findDaprd()).command,
    restartOnFailure: true,
    ...(lockDurationMs === undefined ? {} : { lockDurationMs }),
  });
  const signal = new AbortController().signal;
  const blobs = BlobServiceClient.fromConnectionString(rig.blobConnectionString);
  const connectBus = () => new ServiceBusClient(rig.serviceBusConnectionString);
  await makeOutboxes(blobs);
  const store = blobStore(rig, OUTBOXES);
  const workload = await makeWorkload(blobs, { count, seed: 7, expressShare: 0.5, malformed: 0 });
  await scheduleArrival({ connectBus, to, messages: workload.messages, arrival: { kind: 'burst' }, signal });
  return {
    rig,
    store,
    workload,
    // Not expect.poll, which knows no test to fail where several run at once.
    async written(wanted) {
      await vi.waitUntil(async () => (await store.blobCount()) >= wanted, {
        timeout: DRAIN_TIMEOUT_MS,
        interval: POLL_MS,
      });
    },
    async allWritten() {
      const deadlineMs = Date.now() + DRAIN_TIMEOUT_MS;
      const end = await watchDrain({
        site: { ...rigDrain(rig), store },
        expected: count,
        deadlineMs,
        pollMs: POLL_MS,
        signal,
      });
      expect(end, `logs: ${rig.logDir}`).toBe('drained');
      const stored = await verifyStored(store, OUTBOXES, workload.orders);
      const deadLetters = await peekDeadLetters(connectBus, boxes);
      const found = correctness({ workload, stored, deadLetters, queues: await rig.broker.queues() });
      const wrong = [
        ...(stored.missing.length === 0 ? [] : [`missing: ${await whereLastSeen(rig.broker, stops, stored.missing)}`]),
        ...deadLetters.map(
          ({ messageId, reason, description }) => `dead-lettered: ${messageId}, ${reason} (${description})`,
        ),
        ...rig.supervisor.processes
          .filter(({ restarts }) => restarts > 0)
          .map(({ name }) => `${name} was started again`),
        `logs: ${rig.logDir}`,
      ];
      expect(found, wrong.join('; ')).toMatchObject({
        written: count,
        missing: 0,
        unexpected: 0,
        misrouted: 0,
        corrupt: 0,
        goodDeadLettered: 0,
      });
      return found;
    },
  };
}

import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { AppId } from '@order-bench/orders';
import { ProcessFailed, type Tool } from '@order-bench/rig';
import type { ReadyContender } from '../contenders/build.js';
import { runtimeFacts, runtimeTitle } from '../contenders/runtime.js';
import { effectiveSpinSettings } from '../contenders/spin-settings.js';
import type { CoreSplit } from '../results/k6-result.js';
import { K6_SCHEMA_VERSION, type K6ResultBase, type K6Series } from '../results/k6-result.js';
import { newId } from '../results/plan-id.js';
import { inFileName } from '../results/result-file.js';
import { VOID_RULES } from '../run/void-rules.js';
import { environment } from '../sites/environment.js';
import { wholePercent } from '../text/format.js';
import { UsageError } from '../text/usage-error.js';
import type { Edge } from './edge.js';
import { type Behind, factsOfBehind } from './edge.js';
import { writeOrdersFile } from './orders-file.js';
import { EDGE_TESTS_DIR, type K6Options, type K6Outcome, type K6TestSettings, runK6 } from './run-k6.js';
import { type EdgeOptions, startEdge } from './start-edge.js';

/** What every measurement of an HTTP edge needs. */
export interface MeasurementOptions {
  readonly k6: Tool;
  readonly ready: ReadyContender;
  readonly role: AppId;
  readonly behind: Behind;
  readonly cores: CoreSplit | null;
  /** Decides the orders. */
  readonly seed: number;
  readonly series: K6Series | null;
  /** Where the app listens; a free port where it is not given. */
  readonly port?: number;
  /** Folder for logs, orders and k6's summaries; what is worth keeping goes into the result. */
  readonly runDir: string;
  readonly signal: AbortSignal;
  /** Tells what is done now. */
  readonly say: (text: string) => void;
}

/** What is known of a measurement before anything is measured. */
export type MeasurementFacts = Omit<K6ResultBase, 'status' | 'reason'>;

/** What a measurement is described by. */
export interface Described
  extends Pick<MeasurementOptions, 'k6' | 'ready' | 'behind' | 'cores' | 'seed' | 'series' | 'signal' | 'say'> {
  readonly role: K6ResultBase['role'];
}

/** Describes the measurement and the machine; call it before anything is started. */
export async function factsOf(
  options: Described,
  settings: Readonly<Record<string, unknown>>,
): Promise<MeasurementFacts> {
  const { ready, role, behind, cores, series, k6, signal, say, seed } = options;
  const { contender, runtime } = ready;
  const startedAt = new Date().toISOString();
  return {
    schemaVersion: K6_SCHEMA_VERSION,
    id: newId(),
    startedAt,
    contender: contender.name,
    runtime: runtimeFacts(runtime),
    role,
    series,
    behind: factsOfBehind(behind),
    cores,
    environment: await environment({
      versions: {
        k6: `${k6.version} (${k6.kind})`,
        ...(behind.kind === 'daprd' ? { daprd: `${behind.tool.version} (${behind.tool.kind})` } : {}),
        runtime: runtimeTitle(runtime),
      },
      say,
      signal,
    }),
    settings: {
      ...(contender.settings ?? {}),
      host: runtimeTitle(runtime),
      ...(runtime.info === null ? {} : { standIn: runtime.info }),
      ...(contender.spin ? { spin: effectiveSpinSettings(contender.spin, process.env) } : {}),
      seed,
      ...settings,
    },
  };
}

/** Whether figures stand: not where the machine was busy before, nor for any reason found while measuring. */
export function statusOf(
  { environment: { busyShareBefore } }: MeasurementFacts,
  found: string | null,
): Pick<K6ResultBase, 'status' | 'reason'> {
  const { maxBusyShareBefore } = VOID_RULES;
  const reason =
    busyShareBefore !== null && busyShareBefore > maxBusyShareBefore
      ? `the machine was ${wholePercent(busyShareBefore)} busy before anything was started, at most ${wholePercent(maxBusyShareBefore)} may be`
      : found;
  return reason === null ? { status: 'complete', reason } : { status: 'void', reason };
}

/** A running edge, and a k6 that is aimed at it. */
export interface AimedEdge {
  readonly edge: Edge;
  run(settings: K6TestSettings): Promise<K6Outcome>;
}

/**
 * Starts the edge, measures, and stops it however the measuring ends.
 *
 * @throws UsageError where the contender does not start or dies: whatever is asked of it can't be had.
 */
export async function withEdge<T>(
  options: MeasurementOptions,
  measure: (aimed: AimedEdge) => Promise<T>,
  changes: Partial<Pick<EdgeOptions, 'instances' | 'readyTimeoutMs'>> = {},
): Promise<T> {
  const { ready, role, behind, cores, port, runDir, seed, k6, signal } = options;
  const dir = join(runDir, `${inFileName(ready.contender.name)}-${role}-${newId()}`);
  const ordersFile = await writeOrdersFile({ dir, seed, role });
  try {
    const edge = await startEdge({
      ...{ ready, role, behind, cores, dir },
      ...(port === undefined ? {} : { port }),
      ...changes,
    });
    const variables = { CONTENDER: ready.contender.name, ROLE: role, ORDERS_FILE: ordersFile };
    const aim: K6Options = { k6, edge, testsDir: EDGE_TESTS_DIR, variables, cores, dir, signal };
    try {
      return await measure({ edge, run: settings => runK6(aim, settings) });
    } finally {
      await edge.stop();
    }
  } catch (error) {
    if (error instanceof ProcessFailed) throw contenderDown(ready.contender.name, error);
    throw error;
  }
}

/** Load before the figures, for code is compiled while it runs; what comes of it is not looked at. */
export async function warmUp({ run }: AimedEdge, durationS: number, ratePerSecond: number | undefined): Promise<void> {
  await run({
    test: 'load',
    durationS,
    p99LimitMs: ANY_MS,
    ...(ratePerSecond === undefined ? {} : { ratePerSecond }),
  });
}

/**
 * Seconds at the start of a run whose response times are not to count, for k6's virtual users make their connections then: in
 * a run of less than half a minute these are more than one order in a hundred.
 */
export function settlingS(durationS: number): number {
  return Math.floor(durationS / 4);
}

/** A limit that is none: longer than any answer takes, in milliseconds. */
export const ANY_MS = 60_000;

/** A process's failure as one line: its log, which the line names, has the rest. */
export function contenderDown(contender: string, { message }: ProcessFailed): UsageError {
  const [first = ''] = message.split('\n');
  return new UsageError(
    `${contender} is down: ${first.replace(/ Its last log lines \((.+)\):.*$/, ' See its log, $1')}`,
  );
}

/**
 * Waits until the app answers again, several times running and in good time: what an earlier run left behind must not be
 * laid to the next one. Gives up waiting after 15 s, and the next run then shows it.
 */
export async function untilAnswering({ url, healthPath }: Edge, signal: AbortSignal): Promise<void> {
  const deadlineMs = performance.now() + SETTLE_LIMIT_MS;
  for (let inTime = 0; inTime < SETTLED_ANSWERS && performance.now() < deadlineMs; ) {
    const startedMs = performance.now();
    const inLimit = AbortSignal.any([signal, AbortSignal.timeout(SETTLE_LIMIT_MS)]);
    const isGood = await fetch(url + healthPath, { signal: inLimit }).then(
      async response => response.ok && (await response.arrayBuffer()) !== undefined,
      () => false,
    );
    signal.throwIfAborted();
    inTime = isGood && performance.now() - startedMs < SETTLED_MS ? inTime + 1 : 0;
    await delay(SETTLE_POLL_MS, undefined, { signal });
  }
}

const SETTLE_LIMIT_MS = 15_000;
const SETTLE_POLL_MS = 50;
const SETTLED_ANSWERS = 5;
const SETTLED_MS = 25;

import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  checkoutDir,
  type PeakMemory,
  peakMemoryByGroup,
  restartPeakMemory,
  type Tool,
  usageByGroup,
} from '@order-bench/rig';
import { execa } from 'execa';
import { apiTokens } from '../contenders/apps.js';
import type { CoreSplit, K6Run } from '../results/k6-result.js';
import { planId } from '../results/plan-id.js';
import { pinned } from '../sites/cores.js';
import type { Edge } from './edge.js';
import { generatorBusyShare } from './generator-load.js';
import { answersOf, type K6Summary, parseSummary, responseTimeOf } from './summary.js';

/** One call of k6 against an edge. */
export interface K6Options {
  readonly k6: Tool;
  readonly edge: Edge;
  /** The folder of the test's script. */
  readonly testsDir: string;
  /** What the scripts read from their environment beside the settings of a test: whose figures these are, and what is sent. */
  readonly variables: Readonly<Record<string, string>>;
  readonly cores: CoreSplit | null;
  /** Folder for k6's log and summary. */
  readonly dir: string;
  readonly signal: AbortSignal;
}

/** Which test, and how much of it. */
export interface K6TestSettings {
  readonly test: string;
  /** The test's own where these are not given; see k6/src/shapes.ts. */
  readonly ratePerSecond?: number;
  readonly durationS?: number;
  readonly clients?: number;
  readonly p99LimitMs?: number;
  /** None where it is 0. */
  readonly settleS?: number;
}

/** A call's figures, and all that k6 summed up. */
export interface K6Outcome {
  readonly run: K6Run;
  readonly summary: K6Summary;
  /** CPU that process groups of the edge used meanwhile, in milliseconds. */
  readonly usedMs: (groups: Iterable<number>) => number;
}

/** Scripts of tests of one app alone. */
export const EDGE_TESTS_DIR = join(checkoutDir, 'k6', 'src', 'tests');
/** Scripts of tests of a whole Order API. */
export const API_TESTS_DIR = join(checkoutDir, 'k6', 'src', 'api-tests');
const THRESHOLD_FAILED = 99;
const SAMPLE_PERIOD_MS = 100;

/** The tests of one app alone. */
export async function k6Tests(): Promise<string[]> {
  return (await readdir(EDGE_TESTS_DIR)).filter(name => name.endsWith('.ts')).map(name => name.slice(0, -'.ts'.length));
}

/**
 * Runs one test and counts what the processes used meanwhile.
 *
 * @throws Error with the end of k6's log when it ended otherwise than well or by a threshold; ProcessFailed when the app or
 *   the stub died; the signal's reason when aborted.
 */
export async function runK6(options: K6Options, settings: K6TestSettings): Promise<K6Outcome> {
  const { edge, signal } = options;
  await mkdir(options.dir, { recursive: true });
  const name = `${planId(new Date())}-${settings.test}`;
  const summaryFile = join(options.dir, `${name}.json`);
  const logFile = join(options.dir, `${name}.log`);
  const [program = '', ...args] = pinned(commandOf(options, settings), options.cores?.generator);
  restartPeakMemory(edge.appGroups);
  const before = await usageByGroup(groupsOf(edge));
  const startedMs = performance.now();
  const child = execa(program, args, {
    // A group of its own, so that its cost can be told apart, and the watchdog can end it.
    detached: true,
    reject: false,
    extendEnv: false,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      APP_API_TOKEN: apiTokens(process.env).appApiToken,
      ...options.variables,
      ...variablesOf(edge, settings, summaryFile),
      K6_AUTO_EXTENSION_RESOLUTION: 'false',
    },
    stdio: ['ignore', { file: logFile }, { file: logFile, append: true }],
    cancelSignal: signal,
  });
  edge.guard(child);
  const sampling = sampleUntil(child, child.pid ?? 0);
  const result = await Promise.race([child, edge.failure]).catch(async error => {
    child.kill('SIGKILL');
    await child;
    throw error;
  });
  signal.throwIfAborted();
  const k6 = await sampling;
  const elapsedMs = performance.now() - startedMs;
  await edge.settled?.(signal);
  const after = await usageByGroup(groupsOf(edge));
  const peaks = await peakMemoryByGroup(edge.appGroups);
  if (result.exitCode !== 0 && result.exitCode !== THRESHOLD_FAILED) {
    const log = (await readFile(logFile, 'utf8')).trimEnd().split('\n').slice(-LAST_LOG_LINES).join('\n  ');
    throw new Error(`k6 ended with ${result.exitCode ?? result.signal} in ${settings.test} (${logFile}):\n  ${log}`);
  }
  const summary = parseSummary(await readFile(summaryFile, 'utf8'), summaryFile);
  const usedMs = (groups: Iterable<number>) =>
    [...groups].reduce((sum, group) => sum + (after.get(group)?.cpuMs ?? 0) - (before.get(group)?.cpuMs ?? 0), 0);
  const run = figures({ settings, options, summary, elapsedMs, exitCode: result.exitCode, usedMs, peaks, k6 });
  return { run, summary, usedMs };
}

const LAST_LOG_LINES = 12;

function commandOf({ k6, testsDir }: K6Options, { test }: K6TestSettings): string[] {
  const flags = ['--quiet', '--no-color', '--no-usage-report', '--address', ''];
  return [...k6.command, 'run', ...flags, join(testsDir, `${test}.ts`)];
}

/** k6 gives its own environment to its scripts; what is not set is the test's own. */
function variablesOf(
  { urls }: Edge,
  { ratePerSecond, durationS, clients, p99LimitMs, settleS }: K6TestSettings,
  summaryFile: string,
): Readonly<Record<string, string>> {
  const numbers = {
    RATE: ratePerSecond,
    DURATION_S: durationS,
    CLIENTS: clients,
    P99_LIMIT_MS: p99LimitMs,
    SETTLE_S: settleS || undefined,
  };
  return {
    TARGET_URL: urls.join(','),
    SUMMARY_FILE: summaryFile,
    ...Object.fromEntries(
      Object.entries(numbers).flatMap(([name, value]) => (value === undefined ? [] : [[name, `${value}`]])),
    ),
  };
}

function groupsOf({ appGroups, behindGroups }: Edge): ReadonlySet<number> {
  return new Set([...appGroups, ...behindGroups]);
}

/** A process that has ended tells nothing any more, so its use is read while it runs; what it does last is lost. */
async function sampleUntil(ended: PromiseLike<unknown>, group: number): Promise<number> {
  let isEnded = false;
  let cpuMs = 0;
  const end = ended.then(() => {
    isEnded = true;
  });
  while (!isEnded) {
    cpuMs = (await usageByGroup(new Set([group]))).get(group)?.cpuMs ?? cpuMs;
    await Promise.race([end, delay(SAMPLE_PERIOD_MS)]);
  }
  return cpuMs;
}

interface Measured {
  readonly settings: K6TestSettings;
  readonly options: K6Options;
  readonly summary: K6Summary;
  /** From k6's start to its end. */
  readonly elapsedMs: number;
  readonly exitCode: 0 | typeof THRESHOLD_FAILED;
  readonly usedMs: K6Outcome['usedMs'];
  /** Of the apps. */
  readonly peaks: ReadonlyMap<number, PeakMemory>;
  /** CPU of k6. */
  readonly k6: number;
}

function figures({ settings, options, summary, elapsedMs, exitCode, usedMs, peaks, k6 }: Measured): K6Run {
  const { edge, cores } = options;
  const orders = answersOf(summary);
  const answered = orders.taken + orders.refused;
  const appCpuMs = usedMs(edge.appGroups);
  const stubCpuMs = usedMs(edge.behindGroups);
  return {
    test: settings.test,
    // With clients the app sets it.
    ratePerSecond: settings.clients === undefined ? summary.ratePerSecond : (answered * 1_000) / elapsedMs,
    durationMs: summary.state.testRunDurationMs,
    exitCode,
    orders,
    responseTime: responseTimeOf(summary),
    app: {
      cpuMs: appCpuMs,
      cpuMsPerThousandRequests: answered === 0 ? null : (appCpuMs / answered) * 1000,
      peakMemoryBytes: [...peaks.values()].reduce((sum, { bytes }) => sum + bytes, 0),
    },
    generator: {
      k6CpuMs: k6,
      stubCpuMs,
      busyShare: generatorBusyShare({ generatorCpuMs: k6 + stubCpuMs, appCpuMs, elapsedMs, cores }),
    },
    summary: { ...summary.metrics },
  };
}

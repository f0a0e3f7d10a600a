import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { API_TOKEN_HEADER, INPUT_BINDING } from '@order-bench/orders';
import { ProcessFailed } from '@order-bench/rig';
import { apiTokens } from '../contenders/apps.js';
import { usesSpin } from '../contenders/contender.js';
import type { ColdStartResult, ColdStarts } from '../results/k6-result.js';
import { inFileName } from '../results/result-file.js';
import { instanceTimes } from './instance-times.js';
import { contenderDown, factsOf, type MeasurementOptions, statusOf } from './measurement.js';
import { writeOrdersFile } from './orders-file.js';
import { startEdge } from './start-edge.js';

/** How many starts under each condition. */
export interface ColdStartOptions extends MeasurementOptions {
  readonly starts: number;
}

/** An app that does not answer is asked again this soon: what a start can be too long by. */
const POLL_MS = 1;
/** Compiling a component takes 8 s on a free core, and many times that on a shared one. */
const READY_TIMEOUT_MS = 180_000;

/**
 * Starts a contender's app again and again and times each from the process's start to its first correct answer to an order;
 * on Spin once with the compiled components of earlier starts and once without.
 */
export async function measureColdStart(options: ColdStartOptions): Promise<ColdStartResult> {
  const { ready, say } = options;
  const facts = await factsOf(options, { starts: options.starts, pollMs: POLL_MS });
  const variants: ColdStarts[] = [];
  for (const compiledCache of usesSpin(ready.contender) ? (['kept', 'none'] as const) : [null]) {
    const startsMs: number[] = [];
    for (let start = 0; start < options.starts; start += 1) {
      const elapsedMs =
        compiledCache === 'none' ? await withEmptyCache(env => timeStart(options, env)) : await timeStart(options, {});
      startsMs.push(elapsedMs);
      say(
        `start ${start + 1} of ${options.starts}${compiledCache === 'none' ? ', nothing compiled' : ''}: ${Math.round(elapsedMs)} ms`,
      );
    }
    variants.push({ compiledCache, startsMs });
  }
  const instances = await instanceTimes(options);
  if (instances) say(`an instance in a running host is made in ${instances.madeP50Ms.toFixed(3)} ms`);
  return {
    ...{ ...facts, kind: 'cold-start', ...statusOf(facts, null), variants },
    ...(instances ? { instances } : {}),
  };
}

/** Both hosts keep what they compiled in a folder that the environment names: the stand-in's own, and Spin's below the user's. */
async function withEmptyCache<T>(work: (env: Readonly<Record<string, string>>) => Promise<T>): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), 'order-bench-cold-'));
  try {
    return await work({ SPIN_HOST_CACHE: dir, XDG_CACHE_HOME: dir });
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function timeStart(options: ColdStartOptions, env: Readonly<Record<string, string>>): Promise<number> {
  const { ready, role, behind, cores, port, runDir, seed, signal } = options;
  const dir = join(runDir, `cold-${inFileName(ready.contender.name)}-${role}-${randomBytes(2).toString('hex')}`);
  const [order = ''] = JSON.parse(await readFile(await writeOrdersFile({ dir, seed, role }), 'utf8')) as string[];
  const ended = new AbortController();
  let answer: Promise<number> | undefined;
  try {
    const edge = await startEdge({
      ...{ ready, role, behind, cores, env, dir, readyTimeoutMs: READY_TIMEOUT_MS },
      ...(port === undefined ? {} : { port }),
      onAppStart: url => {
        const giveUp = AbortSignal.any([signal, ended.signal, AbortSignal.timeout(READY_TIMEOUT_MS)]);
        answer = untilTaken(`${url}/${INPUT_BINDING[role]}`, order, giveUp);
        // Whoever ends the waiting knows why: a start that fails is told by the process.
        answer.catch(() => {});
      },
    });
    try {
      return (await Promise.race([answer, edge.failure])) ?? 0;
    } finally {
      await edge.stop();
    }
  } catch (error) {
    throw error instanceof ProcessFailed ? contenderDown(ready.contender.name, error) : error;
  } finally {
    ended.abort();
  }
}

/** Asks until an order is answered with 200, and returns how long that took. */
async function untilTaken(url: string, order: string, signal: AbortSignal): Promise<number> {
  const startedMs = performance.now();
  const agent = new Agent({ keepAlive: true });
  try {
    for (;;) {
      if ((await statusOfPost({ url, order, agent, signal })) === 200) return performance.now() - startedMs;
      await delay(POLL_MS, undefined, { signal });
    }
  } finally {
    agent.destroy();
  }
}

interface Post {
  readonly url: string;
  readonly order: string;
  readonly agent: Agent;
  readonly signal: AbortSignal;
}

/** The answer's status, or null where nobody listens yet. */
function statusOfPost({ url, order, agent, signal }: Post): Promise<number | null> {
  const { appApiToken } = apiTokens(process.env);
  const headers = { 'content-type': 'application/json', ...(appApiToken && { [API_TOKEN_HEADER]: appApiToken }) };
  return new Promise(resolve => {
    request(url, { method: 'POST', agent, signal, headers })
      .on('response', response => response.resume().on('end', () => resolve(response.statusCode ?? null)))
      .on('error', () => resolve(null))
      .end(order);
  });
}

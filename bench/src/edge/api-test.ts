import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ProcessFailed, type Tool } from '@order-bench/rig';
import type { PreparedApi } from '../contenders/prepare-api.js';
import { API_ROLE, type ApiPart, type ApiTestResult, type K6Series } from '../results/k6-result.js';
import { newId } from '../results/plan-id.js';
import { inFileName } from '../results/result-file.js';
import { dataCountOf, dataOf, type FilledApi, fillApi } from './api-data.js';
import { type ApiEdge, startApiEdge } from './api-edge.js';
import { API_PLANS, type ApiPartPlan } from './api-plans.js';
import { bottleneckOf } from './generator-load.js';
import { contenderDown, factsOf, settlingS, statusOf } from './measurement.js';
import { API_TESTS_DIR, type K6Outcome, runK6 } from './run-k6.js';
import { timesOfRequests } from './summary.js';
import { startToldPartner, type ToldPartner } from './told-partner.js';
import { checkLines } from './written-orders.js';

/** One repetition of a test of an Order API. */
export interface ApiTestOptions {
  /** A name in `API_PLANS`. */
  readonly test: string;
  readonly prepared: PreparedApi;
  readonly daprd: Tool;
  readonly k6: Tool;
  /** In place of the plan's own, for each of its parts. */
  readonly ratePerSecond?: number;
  readonly durationS?: number;
  /** Seconds of load before the parts, in equal shares; 0 for none. */
  readonly warmUpS: number;
  /** Decides the orders. */
  readonly seed: number;
  readonly series: K6Series | null;
  /** Folder for logs, data and k6's summaries. */
  readonly runDir: string;
  readonly signal: AbortSignal;
  /** Tells what is done now. */
  readonly say: (text: string) => void;
}

/**
 * Starts a contender's pipeline and Order API on a rig, runs a test's parts against it, each warmed up, and stops it. What the
 * API takes is worked off before a part's costs are read, so that they are of all that its requests cause.
 *
 * @throws UsageError where a process dies; Error where messages are left, a partner is not told of each order, or a
 *   line of an import is not one order.
 */
export async function measureApiTest(options: ApiTestOptions): Promise<ApiTestResult> {
  const { test, prepared, daprd, warmUpS, runDir, signal } = options;
  const parts = plannedParts(options);
  const partWarmUpS = Math.ceil(warmUpS / parts.length);
  const facts = await factsOf(
    { ...options, ready: prepared.pipeline, role: API_ROLE, behind: { kind: 'daprd', tool: daprd }, cores: null },
    { test, parts, partWarmUpS },
  );
  const dir = join(runDir, `${inFileName(facts.contender)}-${test}-${newId()}`);
  const measured: ApiPart[] = [];
  try {
    const edge = await startApiEdge(prepared, dir);
    let partner: ToldPartner | undefined;
    try {
      const api = await filled(edge, parts, { ...options, partWarmUpS });
      if (parts.some(({ data }) => data === 'told-orders')) partner = await startToldPartner(edge, signal);
      for (const part of parts)
        measured.push(await measurePart(part, { ...options, edge, api, partner, partWarmUpS, dir }));
      await partner?.check(signal);
      for (const plan of parts.filter(({ lines }) => lines !== undefined))
        await checkLines(edge.client, dataCountOf(warmUpOf(plan, partWarmUpS)) + dataCountOf(plan), signal);
    } finally {
      await partner?.stop();
      await edge.stop();
    }
  } catch (error) {
    if (error instanceof ProcessFailed) throw contenderDown(facts.contender, error);
    throw error;
  }
  // An import takes all that it gets: busy cores are its own doing.
  const open = measured.filter(({ lines }) => lines === undefined);
  const doubt = open.map(({ run }) => bottleneckOf(run)).find(reason => reason !== null) ?? null;
  return { ...facts, kind: 'k6-api', ...statusOf(facts, doubt), test, parts: measured };
}

function plannedParts({ test, ratePerSecond, durationS }: ApiTestOptions): ApiPartPlan[] {
  return (API_PLANS[test] ?? []).map(own => ({
    ...own,
    ratePerSecond: ratePerSecond ?? own.ratePerSecond,
    durationS: durationS ?? own.durationS,
  }));
}

async function filled(
  edge: ApiEdge,
  parts: readonly ApiPartPlan[],
  { partWarmUpS, seed, signal, say }: Pick<PartOptions, 'partWarmUpS' | 'seed' | 'signal' | 'say'>,
): Promise<FilledApi> {
  if (!parts.some(({ data }) => data === 'read-orders' || data === 'unread-orders')) return { read: [] };
  const wanted = parts
    .filter(({ data }) => data === 'unread-orders')
    .map(part => dataCountOf({ ...part, durationS: partWarmUpS }) + dataCountOf(part));
  const unread = Math.max(0, ...wanted);
  say(`${unread} orders to read`);
  return fillApi(edge, { unread, seed, signal });
}

interface PartOptions extends ApiTestOptions {
  readonly edge: ApiEdge;
  readonly api: FilledApi;
  readonly partner: ToldPartner | undefined;
  readonly partWarmUpS: number;
  readonly dir: string;
}

async function measurePart(plan: ApiPartPlan, options: PartOptions): Promise<ApiPart> {
  const { part, data, lines } = plan;
  const { edge, partWarmUpS, say } = options;
  const before = warmUpOf(plan, partWarmUpS);
  const first = dataCountOf(before);
  if (partWarmUpS > 0) {
    say(`${part}: warming up with ${loadText(before)}`);
    await load(before, dataOf(data, { ...options, first: 0, count: first }), options);
  }
  say(`${part}: ${loadText(plan)}`);
  const { run, summary, usedMs } = await load(
    plan,
    dataOf(data, { ...options, first, count: dataCountOf(plan) }),
    options,
  );
  return {
    ...{ part, run },
    ...(lines === undefined ? {} : { lines }),
    apiCpuMs: usedMs(edge.apiGroups),
    daprdCpuMs: usedMs(edge.daprdGroups),
    requests: timesOfRequests(summary, plan.requests),
  };
}

/** The same for so many seconds, or a tenth of an import. */
function warmUpOf(plan: ApiPartPlan, durationS: number): ApiPartPlan {
  return { ...plan, ...(plan.lines === undefined ? { durationS } : { lines: durationS === 0 ? 0 : plan.lines / 10 }) };
}

function loadText({ ratePerSecond, durationS, lines }: ApiPartPlan): string {
  return lines === undefined ? `${ratePerSecond} per second for ${durationS} s` : `${lines} lines as one job`;
}

async function load(
  { part, ratePerSecond, durationS, lines }: ApiPartPlan,
  data: readonly unknown[],
  { k6, edge, partner, prepared, test, dir, signal }: PartOptions,
): Promise<K6Outcome> {
  const dataFile = join(dir, `${part}-${newId()}.json`);
  await mkdir(dir, { recursive: true });
  await writeFile(dataFile, JSON.stringify(data));
  const variables = {
    CONTENDER: prepared.pipeline.contender.name,
    ORDERS_API_TOKEN: edge.token,
    PART: part,
    DATA_FILE: dataFile,
    ...(partner && { PARTNER_URL: partner.url }),
  };
  return runK6(
    { k6, edge, testsDir: API_TESTS_DIR, variables, cores: null, dir, signal },
    { test, ...(lines === undefined && { ratePerSecond, durationS, settleS: settlingS(durationS) }) },
  );
}

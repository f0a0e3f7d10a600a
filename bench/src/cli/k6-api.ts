import { findDaprd } from '@order-bench/rig';
import type { Wanted } from '../contenders/prepare.js';
import { type PreparedApi, prepareApi } from '../contenders/prepare-api.js';
import { API_PLANS } from '../edge/api-plans.js';
import { type ApiTestOptions, measureApiTest } from '../edge/api-test.js';
import { findK6 } from '../edge/find-k6.js';
import { compareApiTests, familySizes } from '../judge/compare-api-tests.js';
import { pairsOf } from '../judge/plan-pairs.js';
import { planSight } from '../judge/plan-sight.js';
import { drawnSequence } from '../plans/run-blocks.js';
import type { RigHolder } from '../plans/runner.js';
import type { ApiTestResult } from '../results/k6-result.js';
import { planId } from '../results/plan-id.js';
import { UsageError } from '../text/usage-error.js';
import { apiTable } from './api-table.js';
import { measureRepetition } from './k6-repetition.js';

/** What `bench k6` was told that a test of Order APIs asks for. */
export interface ApiTestFlags extends Wanted {
  readonly test: string;
  readonly runs: number;
  readonly rate?: number;
  readonly durationS?: number;
  readonly warmUpS: number;
  readonly seed: number;
  readonly results: string;
}

/** Measures the Order API of each contender by one of k6's tests of it, repetition by repetition, and prints how they compare. */
export async function measureApis(flags: ApiTestFlags, { signal }: RigHolder): Promise<ApiTestResult[]> {
  const { test, runs, rate, durationS, warmUpS, seed } = flags;
  tellWhatIsDecided(flags);
  const prepared = await prepareAll(flags);
  const tools = { daprd: await findDaprd(), k6: await findK6() };
  const id = planId(new Date());
  const results: ApiTestResult[] = [];
  for (const [block, drawn] of drawnSequence({ contenders: [...prepared.keys()], runs, seed }).entries()) {
    for (const [position, contender] of drawn.entries()) {
      const own = prepared.get(contender);
      if (!own) continue;
      const title = `${contender}, repetition ${block + 1} of ${runs}`;
      const measure = (told: Pick<ApiTestOptions, 'runDir' | 'say'>) =>
        measureApiTest({
          ...{ ...tools, ...told, prepared: own, test, warmUpS, seed, signal },
          ...(rate === undefined ? {} : { ratePerSecond: rate }),
          ...(durationS === undefined ? {} : { durationS }),
          series: { id, seed, block: block + 1, position: position + 1 },
        });
      results.push(await measureRepetition({ title, id, results: flags.results }, measure));
    }
  }
  const comparisons = compareApiTests(results);
  if (comparisons.length > 0) console.log(`\n${apiTable(comparisons)}`);
  return results;
}

/** @throws UsageError where two are one. */
async function prepareAll({ contenders, runtime }: Wanted): Promise<ReadonlyMap<string, PreparedApi>> {
  const prepared = new Map<string, PreparedApi>();
  for (const text of contenders) {
    const own = await prepareApi(text, runtime);
    const { name } = own.pipeline.contender;
    if (prepared.has(name)) throw new UsageError(`${name} is there twice: name each contender once`);
    prepared.set(name, own);
  }
  return prepared;
}

/** Too few repetitions are said to be before the time goes by. */
function tellWhatIsDecided({ test, contenders, runs, seed }: ApiTestFlags): void {
  const pairs = pairsOf(contenders).length;
  if (pairs === 0) return;
  const { primary, others } = familySizes(API_PLANS[test] ?? []);
  const [cpu, rest] = [primary, others].map(figures => planSight({ comparisons: figures * pairs, runs, seed }));
  if (cpu?.canDecide && rest?.canDecide) return;
  process.stderr.write(
    `${runs} repetitions ${cpu?.canDecide ? 'can decide the app CPU alone' : "can't decide anything"}: ` +
      `that takes --runs ${cpu?.leastRuns} or more, all figures --runs ${rest?.leastRuns}\n`,
  );
}

import { join } from 'node:path';
import { checkoutDir } from '@order-bench/rig';
import { resultLine } from '../edge/result-line.js';
import type { K6Result } from '../results/k6-result.js';
import { writeK6Result } from '../results/k6-result-file.js';
import { planDir } from '../results/results-folder.js';
import { printedLog } from './printed-log.js';
import { placeText } from './results-folder.js';

/** One repetition of a series. */
export interface K6Repetition {
  /** Of what and the how many-th it is, for a person. */
  readonly title: string;
  /** Of the series. */
  readonly id: string;
  /** Folder of the results. */
  readonly results: string;
}

/** Measures one repetition, telling what is done, and prints and stores what came of it. */
export async function measureRepetition<Result extends K6Result>(
  { title, id, results }: K6Repetition,
  measure: (told: { readonly runDir: string; readonly say: (text: string) => void }) => Promise<Result>,
): Promise<Result> {
  process.stderr.write(`${title}\n`);
  const log = printedLog();
  const result = await measure({
    runDir: join(checkoutDir, '.rig', `k6-${id}`),
    say: text => log.step(text),
  }).finally(() => log.end());
  console.log(resultLine(result));
  console.log(`  stored in ${placeText(await writeK6Result(result, planDir(results, 'k6', id)))}`);
  return result;
}

import { describe, expect, it } from 'vitest';
import { endedAs, exampleRuns } from '../../test-kit/example-runs.js';
import { compareResults } from '../judge/comparison.js';
import { pairsOf } from '../judge/plan-pairs.js';
import { comparisonTable } from './comparison-table.js';

const contenders = ['slow', 'fast', 'twin'];
const options = { id: 'made-up', contenders, pairs: pairsOf(contenders), runs: 10, seed: 1 };
const runs = exampleRuns({ drainMs: { slow: 12_000, fast: 10_000, twin: 10_000 }, blocks: 10 });

describe('the printed comparison', () => {
  const lineOf = (text: string, start: string) => text.split('\n').find(line => line.startsWith(start)) ?? '';

  it('shows medians with intervals, then every pair with its verdict', () => {
    const text = comparisonTable(compareResults(runs, options));
    expect(lineOf(text, 'slow ')).toMatch(/^slow +10 +1[12]\.\d\d s \[1[12]\.\d\d s, 12\.\d\d s\]/);
    expect(lineOf(text, 'slow / fast')).toMatch(
      /^slow \/ fast +1\.\d{3} \[1\.\d{3}, 1\.\d{3}\] +0\.0020 +0\.0059 +1\.00 +slower +x 1\.\d{3}$/,
    );
    expect(lineOf(text, 'fast / twin')).toMatch(/ ~ +x 1\.\d{3}$/);
    expect(text).toContain('30 runs, 0 void (left out), 0 not complete and correct');
    expect(text).not.toContain('NO CLAIM');
    expect(text).not.toContain('too few');
  });

  it('says which metrics the blocks are too few for', () => {
    const few = (blocks: number) =>
      comparisonTable(
        compareResults(
          runs.filter(({ comparison }) => (comparison?.block ?? 0) <= blocks),
          options,
        ),
      );
    expect(few(8)).toContain('too few to decide any pair in another metric than T100');
    expect(few(8)).not.toContain('too few to decide any pair in T100');
    expect(few(6)).toContain('too few to decide any pair in T100');
  });

  it('shows runs that rank last, and that there is no claim', () => {
    const results = runs.map(run => {
      if (run.contender === 'slow') return run;
      return endedAs(run, run.contender === 'fast' ? 'incomplete' : 'void');
    });
    const text = comparisonTable(compareResults(results, options));
    expect(lineOf(text, 'fast ')).toMatch(/^fast +10 \(10 last\) +last \[last, last\] +0\/s/);
    expect(text).toContain('NO CLAIM: 10 of 30 runs are void');
  });
});

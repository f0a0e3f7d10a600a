import { expect, test } from 'vitest';
import { exampleSoak } from '../../test-kit/example-result.js';
import type { CompleteRun } from '../results/result.js';
import { paletteOf } from './palette.js';
import { pacedSection } from './sections/paced.js';

test('the finding is of the highest load that all contenders ran at, with the range of their runs', () => {
  const runs = [
    ...[paced('spin-ts', 0.7, 60), paced('spin-ts', 0.7, 70), paced('spin-ts', 0.7, 66)],
    ...[paced('express-ts', 0.7, 20), paced('express-ts', 0.7, 90), paced('express-ts', 0.7, 30)],
    ...[paced('express-ts', 0.9, 500), paced('express-ts', 0.9, 600)],
  ];
  expect(findingOf(runs)).toBe(
    '99 % of the orders are written within 30.0 ms with express-ts (20.0 to 90.0), 66.0 ms with spin-ts (60.0 to 70.0), each at 70 % of its steady rate',
  );
});

test('contenders without a load in common are told by the highest one, and single runs by no figure', () => {
  const [spin, express] = [paced('spin-ts', 0.7, 60), paced('express-ts', 0.9, 500)];
  expect(findingOf([spin, spin, express, express])).toContain('500 ms with express-ts (500 to 500), each at 90 %');
  expect(findingOf([spin, express])).toBe('Latency by percentile, one run of a contender at a rate');
});

function paced(contender: string, shareOfSteadyRate: number, p99Ms: number): CompleteRun {
  const { minutes: _, ...run } = exampleSoak([p99Ms], { contender });
  return run.latency ? { ...run, latency: { ...run.latency, shareOfSteadyRate, p99Ms } } : run;
}

function findingOf(runs: readonly CompleteRun[]): string {
  const section = pacedSection(
    runs.map(result => ({ file: `paced/${result.id}.json`, result })),
    paletteOf([]),
  );
  if ('missing' in section) throw new Error(section.missing);
  const [chart] = section.blocks;
  return chart?.kind === 'chart' ? chart.title : '';
}

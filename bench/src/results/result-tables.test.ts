import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkoutDir } from '@order-bench/rig';
import { describe, expect, it } from 'vitest';
import { exampleResult, exampleSoak } from '../../test-kit/example-result.js';
import { csv } from '../cli/export.js';
import { type ResultTable, resultTable, TABLE_NAMES } from './result-tables.js';

const { drain: _drain, ...record } = exampleResult();
const stored = [
  { file: 'a.json', result: exampleResult() },
  {
    file: 'b.json',
    result: { ...record, id: '1111aaaa', status: 'incomplete' as const, reason: 'the app said "no",\nand ended' },
  },
];

/** Every leaf of a value by its path, lists aside. */
function paths(value: object, path = ''): string[] {
  return Object.entries(value).flatMap(([name, inner]) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? paths(inner, `${path}${name}.`)
      : [`${path}${name}`],
  );
}

describe('resultTable', () => {
  it('has one row a run, with the figures of the result file under their paths', () => {
    const [whole, short] = resultTable('runs', stored).rows;
    expect(whole).toMatchObject({
      file: 'a.json',
      contender: 'made-up',
      status: 'complete',
      reason: null,
      correct: true,
      'drain.t50Ms': 2500,
      'latency.p99Ms': null,
      'machine.throttledMs': null,
      'environment.os': 'Linux x64',
      settings: expect.stringContaining('"host":"node 24.0.0"'),
    });
    expect(short).toMatchObject({ id: '1111aaaa', status: 'incomplete', correct: false, 'drain.t50Ms': null });
  });

  it('sums what processes of a role used', () => {
    expect(resultTable('runs', stored).rows[0]).toMatchObject({
      'app.cpuMs': 3000,
      'app.cpuMsPerThousandOrders': 3000,
      'app.peakMemoryBytes': 150_000_000,
      'dapr.cpuMs': 1000,
    });
    const withoutDapr = exampleResult({ processes: [] });
    expect(resultTable('runs', [{ file: 'c.json', result: withoutDapr }]).rows[0]?.['dapr.cpuMs']).toBeNull();
  });

  it('has a column for every field that a run can have but lists, so that none is left out unseen', () => {
    const example = exampleSoak([9]);
    const { processes, hops, curve, minutes, schemaVersion, latency, settings, environment, ...flat } = {
      ...example,
      comparison: { id: 'c', seed: 1, block: 1, position: 2, attempt: 1 },
      timing: { ...example.timing, clockOffsets: { queue: { offsetMs: 1, uncertaintyMs: 2 }, blobs: null } },
      reason: 'made up',
    };
    const { percentiles, histogram, ...cells } = latency ?? { percentiles: [], histogram: '' };
    const { versions, ...machine } = environment;
    const expected = paths({ ...flat, settings: '', latency: cells, environment: { ...machine, versions: '' } });
    const { columns, rows } = resultTable('runs', [{ file: 'a.json', result: example }]);
    expect(columns).toEqual(expect.arrayContaining(expected.filter(path => path !== 'timing.clockOffsets.blobs')));
    expect(rows[0]).toMatchObject({ 'latency.p99Ms': 12, 'timing.clockOffsets.blobs.offsetMs': null });
    expect(rows[0]?.['environment.versions']).toBe('{"node":"v20.0.0"}');
    expect(columns.filter(column => /histogram|percentiles|minutes/.test(column))).toEqual([]);
  });

  it('has one row a process, hop and point of the curve, each with the run that it is of', () => {
    const row = (name: 'processes' | 'hops' | 'curve', index: number) => resultTable(name, stored).rows[index];
    expect(row('processes', 0)).toMatchObject({
      id: '0123abcd',
      contender: 'made-up',
      'process.name': 'distributor',
      'process.systemCpuMs': 500,
    });
    expect(row('hops', 1)).toMatchObject({ 'hop.position': 2, 'hop.id': 'distributor-app', 'hop.p50Ms': null });
    expect(row('curve', 1)).toMatchObject({ file: 'a.json', 'curve.atMs': 5000, 'curve.ordersWritten': 1000 });
    expect(row('processes', 6)).toMatchObject({ id: '1111aaaa' });
  });

  it.each(TABLE_NAMES)('has no column that the field guide does not explain (%s)', name => {
    const guide = readFileSync(join(checkoutDir, 'results', 'README.md'), 'utf8');
    expect(resultTable(name, []).columns.filter(column => !guide.includes(`\`${column}\``))).toEqual([]);
  });

  it.each(TABLE_NAMES)('has its columns even where there are no runs (%s)', name => {
    const { columns, rows } = resultTable(name, []);
    expect(columns.slice(0, 4)).toEqual(['file', 'id', 'startedAt', 'contender']);
    expect(rows).toEqual([]);
  });
});

describe('csv', () => {
  it('quotes what needs it, writes booleans as words and leaves a cell empty where nothing is known', () => {
    const table: ResultTable = {
      columns: ['reason', 'correct', 'x.ms'],
      rows: [
        { reason: 'said "no",\nended', correct: false, 'x.ms': null },
        { reason: null, correct: true, 'x.ms': 0.5 },
      ],
    };
    expect(csv(table)).toBe('reason,correct,x.ms\r\n"said ""no"",\nended",false,\r\n,true,0.5\r\n');
  });

  it('has a header when there are no rows', () => {
    expect(csv({ columns: ['a', 'b'], rows: [] })).toBe('a,b\r\n');
  });
});

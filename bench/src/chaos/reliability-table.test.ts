import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readChaosResults, writeChaosResult } from '../results/chaos-file.js';
import type { ChaosResult, FaultOutcome } from '../results/chaos-result.js';
import { chaosSummary } from './chaos-log.js';
import { renewReliabilityTable } from './reliability-table.js';

const SOUND: ChaosResult = {
  schemaVersion: 3,
  startedAt: '2026-11-21T12:00:00.000Z',
  contender: 'express-ts',
  seed: 7,
  orders: 1_000,
  versions: { node: 'v20.20.0', daprd: '1.18.0 (user)' },
  gitCommit: 'unknown',
  cpu: 'a processor',
  cores: 2,
  drainMs: 90_000,
  lockDurationMs: 60_000,
  faults: [outcome({}), outcome({ inFlight: 50, duplicated: 3, resumedMs: 300, recoveredMs: 61_000 })],
  correctness: {
    ...{ written: 1_000, missing: 0, unexpected: 0, misrouted: 0, corrupt: 0 },
    ...{ goodDeadLettered: 0, malformedDeadLettered: 0, duplicateWrites: 3, redeliveries: 16 },
  },
  restarts: 2,
  queueEvents: 8_000,
  failures: [],
};
const FAILED: ChaosResult = {
  ...SOUND,
  contender: 'spin-ts',
  correctness: { ...SOUND.correctness, written: 999, missing: 1 },
  faults: [outcome({ kind: 'blob-500', target: 'blob', lost: 1, recoveredMs: null })],
  failures: ['orders missing: 1', '12 (q-order-express: completed, delivered 1 times)'],
};

const THROUGH_API: ChaosResult = {
  ...SOUND,
  api: {
    ...{ contender: 'order-api-express', posted: 500, repeated: 200, imported: 500 },
    ...{ webhooks: 1_104, refused: 100 },
  },
};

describe('the table of docs/reliability.md', () => {
  it('has a row for each kind that was tried, from the stored results alone', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'results-'));
    for (const result of [FAILED, SOUND]) await writeChaosResult(result, dir);
    const file = join(dir, 'reliability.md');
    await writeFile(file, 'Before.\n<!-- chaos:begin -->\nold\n<!-- chaos:end -->\nAfter.\n');
    await renewReliabilityTable(file, await readChaosResults(dir));
    const text = await readFile(file, 'utf8');
    expect(text).toMatch(
      /^Before\.\n<!-- chaos:begin -->\n2 drains of express-ts and spin-ts \(seeds 7 to 7, 2 cores\)/,
    );
    expect(text).toContain('3 faults, 2,000 orders: 1 missing');
    expect(text).toContain('Drains with anything wrong: 1.');
    expect(text).toContain('| app: kill -9 | 2 | 150 | 0 | 3 | 0.2, at most 0.3 | 31.0, at most 61.0 |');
    expect(text).toContain('| blob server: answers 500, 3 to 10 s | 1 | 100 | 1 | 0 | 0.1, at most 0.1 | - |');
    expect(text).toMatch(/<!-- chaos:end -->\nAfter\.\n$/);
    expect(text).not.toContain('old');
  });

  it('has a table of its own for drains with an Order API, which are kept under its name', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'results-'));
    for (const result of [SOUND, THROUGH_API]) await writeChaosResult(result, dir);
    const file = join(dir, 'reliability.md');
    const before = '<!-- chaos:begin --><!-- chaos:end -->\n<!-- chaos-api:begin -->\nold\n<!-- chaos-api:end -->\n';
    await writeFile(file, before);
    await renewReliabilityTable(file, await readChaosResults(dir));
    const [pipelines = '', apis = ''] = (await readFile(file, 'utf8')).split('<!-- chaos:end -->');
    expect(pipelines).toContain('1 drains of express-ts (seeds 7 to 7');
    expect(pipelines).not.toContain('webhooks');
    expect(apis).toContain('1 drains of order-api-express (seeds 7 to 7');
    expect(apis).toContain(
      '500 orders were posted, 200 times once more with the same key, and 500 were lines of imports',
    );
    expect(apis).toContain('1,104 webhooks came, of which the partner refused 100.');
    expect(apis).not.toContain('old');
  });

  it('keeps a table where nothing was stored of its kind', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'results-'));
    const file = join(dir, 'reliability.md');
    await writeFile(file, '<!-- chaos:begin --><!-- chaos:end --><!-- chaos-api:begin -->kept<!-- chaos-api:end -->');
    await renewReliabilityTable(file, [SOUND]);
    expect(await readFile(file, 'utf8')).toContain('<!-- chaos-api:begin -->kept<!-- chaos-api:end -->');
  });

  it('reads a file from before there were Order APIs as it is', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'results-'));
    const stored = await writeChaosResult(SOUND, dir);
    await writeFile(stored, (await readFile(stored, 'utf8')).replace('"schemaVersion": 3', '"schemaVersion": 2'));
    expect(await readChaosResults(dir)).toEqual([SOUND]);
  });

  it('names the stand-in, which older files tell of in their versions alone', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'results-'));
    const versions = { ...SOUND.versions, spin: 'spin-host 0.1.0, profile spin' };
    const stored = await writeChaosResult({ ...SOUND, contender: 'spin-ts', versions }, dir);
    await writeFile(stored, (await readFile(stored, 'utf8')).replace('"schemaVersion": 3', '"schemaVersion": 1'));
    expect((await readChaosResults(dir)).map(({ contender }) => contender)).toEqual(['spin-ts (stand-in)']);
  });

  it('says what is missing: the markers, the results, a result’s fields', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'results-'));
    await expect(readChaosResults(dir)).rejects.toThrow('make chaos makes some');
    const file = join(dir, 'reliability.md');
    await writeFile(file, 'No markers.\n');
    await expect(renewReliabilityTable(file, [SOUND])).rejects.toThrow('<!-- chaos:begin -->');
    const stored = await writeChaosResult(SOUND, dir);
    await writeFile(stored, '{"schemaVersion": 1}');
    await expect(readChaosResults(dir)).rejects.toThrow('startedAt is missing');
    await writeFile(stored, '{"schemaVersion": ');
    await expect(readChaosResults(dir)).rejects.toThrow('is cut off or is no JSON');
  });
});

describe('the summary of a drain', () => {
  it('says what was wrong with a failed one, and how to run it again', () => {
    expect(chaosSummary(SOUND)).toContain('seed 7  express-ts  ok: 1000/1000 written');
    expect(chaosSummary(SOUND)).not.toContain('again:');
    expect(chaosSummary(FAILED).split('\n').slice(1)).toEqual([
      '  orders missing: 1',
      '  12 (q-order-express: completed, delivered 1 times)',
      '  again: node_modules/.bin/bench chaos --seed 7 --contenders spin-ts --orders 1000',
    ]);
    expect(chaosSummary({ ...THROUGH_API, failures: ['events that no webhook told of: 1'] })).toMatch(
      /^seed 7 {2}order-api-express {2}FAILED: .* 1104 webhooks, .*\n {2}again: .* chaos --api --seed 7 --contenders express-ts /s,
    );
  });

  it('runs again what ran on a stand-in by the name that it was asked for', () => {
    expect(chaosSummary({ ...FAILED, contender: 'spin-ts (stand-in)' })).toContain('--contenders spin-ts --orders');
  });
});

function outcome(fields: Partial<FaultOutcome>): FaultOutcome {
  return {
    ...{ kind: 'app-kill', target: 'app-distributor', beganMs: 4_000, endedMs: 4_000 },
    ...{ inFlight: 100, lost: 0, duplicated: 0, resumedMs: 100, recoveredMs: 1_000 },
    ...fields,
  };
}

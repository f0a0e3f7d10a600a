import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readChaosResults, writeChaosResult } from '../results/chaos-file.js';
import type { ChaosResult, FaultOutcome } from '../results/chaos-result.js';
import { chaosSummary } from './chaos-log.js';
import { renewReliabilityTable } from './reliability-table.js';

const SOUND: ChaosResult = {
  schemaVersion: 2,
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

  it('names the stand-in, which older files tell of in their versions alone', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'results-'));
    const versions = { ...SOUND.versions, spin: 'spin-host 0.1.0, profile spin' };
    const stored = await writeChaosResult({ ...SOUND, contender: 'spin-ts', versions }, dir);
    await writeFile(stored, (await readFile(stored, 'utf8')).replace('"schemaVersion": 2', '"schemaVersion": 1'));
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
  });
});

function outcome(fields: Partial<FaultOutcome>): FaultOutcome {
  return {
    ...{ kind: 'app-kill', target: 'app-distributor', beganMs: 4_000, endedMs: 4_000 },
    ...{ inFlight: 100, lost: 0, duplicated: 0, resumedMs: 100, recoveredMs: 1_000 },
    ...fields,
  };
}

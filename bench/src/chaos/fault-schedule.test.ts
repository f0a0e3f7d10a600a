import { describe, expect, it } from 'vitest';
import { faultKinds, PAST_LOCK_MS, PIPELINE_FAULTS } from './fault-kinds.js';
import { FAULTS_A_SEED, faultSchedule, type PlannedFault } from './fault-schedule.js';

const SEEDS = Array.from({ length: 20 }, (_, index) => index + 1);
const scheduleOf = (seed: number) => faultSchedule(seed, PIPELINE_FAULTS);
const isLong = ({ durationMs }: PlannedFault) => durationMs >= PAST_LOCK_MS[0];

describe('the fault schedule of a seed', () => {
  it('is the same each time, whatever was asked before', () => {
    const seventh = scheduleOf(7);
    for (const seed of SEEDS) scheduleOf(seed);
    expect(scheduleOf(7)).toEqual(seventh);
    expect(scheduleOf(8)).not.toEqual(seventh);
  });

  it('is written down here for one seed, so that no change of this program makes another one of it unnoticed', () => {
    expect(scheduleOf(1).map(({ kind, target, atMs }) => `${atMs} ${kind.id} ${target}`)).toMatchInlineSnapshot(`
      [
        "5007 broker-drop broker",
        "9284 blob-503 blob",
        "16514 blob-slow blob",
        "21356 daprd-restart daprd-distributor",
        "26754 app-restart app-distributor",
        "31005 blob-outage blob",
        "35907 broker-late-acknowledgements broker",
        "41201 log-disk-full daprd-receiver-standard",
      ]
    `);
  });

  it.each(SEEDS)('of seed %i has its number of faults, each with a wave of orders shortly before it', seed => {
    const faults = scheduleOf(seed);
    expect(faults).toHaveLength(FAULTS_A_SEED);
    for (const { kind, target, atMs, durationMs, waveAtMs } of faults) {
      expect(kind.targets).toContain(target);
      expect(waveAtMs).toBeGreaterThan(0);
      expect(atMs - waveAtMs).toBeGreaterThanOrEqual(100);
      const [least, most] = kind.lastsMs ?? [0, 0];
      expect(durationMs).toBeGreaterThanOrEqual(least);
      expect(durationMs).toBeLessThanOrEqual(most);
    }
  });

  it.each(SEEDS)('of seed %i never breaks one thing in two ways at once', seed => {
    const endsAtMs = new Map<string, number>();
    for (const { kind, target, atMs, durationMs } of scheduleOf(seed)) {
      const thing = kind.thing ?? target;
      expect(atMs).toBeGreaterThan(endsAtMs.get(thing) ?? 0);
      endsAtMs.set(thing, atMs + durationMs);
    }
  });

  it('breaks several things at once', () => {
    const overlapping = SEEDS.map(scheduleOf).filter(overlaps);
    expect(overlapping.length).toBeGreaterThan(SEEDS.length / 2);
  });

  it('stops the distributor past the lock only at the end', () => {
    for (const faults of SEEDS.map(scheduleOf)) {
      const at = faults.findIndex(fault => isLong(fault) && fault.target.endsWith('distributor'));
      if (at >= 0) expect(faults.slice(at).every(isLong)).toBe(true);
    }
  });

  it('deals the same kinds where there is an Order API, and breaks each of its roles too', () => {
    const roles = ['orders-api', 'orders-view', 'orders-worker'];
    const kinds = faultKinds({ appIds: ['distributor', ...roles], queues: ['q-jobs'] });
    const kindsOf = (faults: readonly PlannedFault[]) => faults.map(({ kind }) => kind.id).sort();
    const schedules = SEEDS.map(seed => faultSchedule(seed, kinds));
    expect(schedules.map(kindsOf)).toEqual(SEEDS.map(seed => kindsOf(scheduleOf(seed))));
    const targets = new Set(schedules.flat().map(({ target }) => target));
    for (const role of roles) expect([...targets]).toEqual(expect.arrayContaining([`app-${role}`, `daprd-${role}`]));
    for (const faults of schedules) {
      const at = faults.findIndex(fault => isLong(fault) && fault.target.endsWith('orders-api'));
      if (at >= 0) expect(faults.slice(at).every(isLong)).toBe(true);
    }
  });

  it('tries every kind about equally often over twenty seeds, and with two contenders more than 200 faults', () => {
    const tried = new Map<string, number>();
    for (const { kind } of SEEDS.flatMap(scheduleOf)) tried.set(kind.id, (tried.get(kind.id) ?? 0) + 1);
    const share = (SEEDS.length * FAULTS_A_SEED) / PIPELINE_FAULTS.length;
    expect(tried.size).toBe(PIPELINE_FAULTS.length);
    for (const times of tried.values()) expect(Math.abs(times - share)).toBeLessThanOrEqual(1);
    expect(2 * SEEDS.length * FAULTS_A_SEED).toBeGreaterThanOrEqual(200);
  });
});

function overlaps(faults: readonly PlannedFault[]): boolean {
  return faults.some((fault, index) => {
    const next = faults[index + 1];
    return next !== undefined && next.atMs < fault.atMs + fault.durationMs;
  });
}

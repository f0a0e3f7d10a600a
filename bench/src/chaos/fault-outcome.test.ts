import { describe, expect, it } from 'vitest';
import { faultOutcome, type OrderHistory } from './fault-outcome.js';

const START_MS = 1_000_000;
const fault = { kind: 'app-kill', target: 'app-distributor', beganAtMs: START_MS + 500, endedAtMs: START_MS + 800 };

/** Orders by id: when each was due and, unless it was lost, first written, since the start; and how often it was. */
function history(orders: Record<string, [dueMs: number, writtenMs: number | null, writes?: number]>): OrderHistory {
  const entries = Object.entries(orders);
  return {
    startMs: START_MS,
    arrivedAtMs: new Map(entries.map(([id, [dueMs]]) => [id, START_MS + dueMs])),
    writes: new Map(
      entries.flatMap(([id, [, writtenMs, writes = 1]]) =>
        writtenMs === null ? [] : [[id, { firstWrittenAtMs: START_MS + writtenMs, writes }]],
      ),
    ),
  };
}

describe('the outcome of a fault', () => {
  it('counts the orders that had come and were not yet written when it struck', () => {
    const orders = history({ before: [0, 499], 'in flight': [0, 900], 'comes later': [501, 1_000] });
    expect(faultOutcome(fault, orders)).toMatchObject({ inFlight: 1, lost: 0, duplicated: 0 });
  });

  it('recovers when the last of those is written, counted from the end of the fault', () => {
    const orders = history({ a: [0, 900], b: [400, 1_300], 'comes later': [600, 9_000] });
    expect(faultOutcome(fault, orders)).toMatchObject({ beganMs: 500, endedMs: 800, recoveredMs: 500 });
  });

  it('has recovered at once where they were all written before its end', () => {
    expect(faultOutcome(fault, history({ a: [0, 700], later: [600, 850] }))).toMatchObject({
      recoveredMs: 0,
      resumedMs: 50,
    });
  });

  it('lets orders flow again with the next one that is written, even one that came later', () => {
    const orders = history({ a: [0, 1_300], 'comes later': [600, 820] });
    expect(faultOutcome(fault, orders)).toMatchObject({ resumedMs: 20, recoveredMs: 500 });
  });

  it('never recovers where an order is lost', () => {
    const orders = history({ a: [0, 900, 2], b: [0, null] });
    expect(faultOutcome(fault, orders)).toMatchObject({ inFlight: 2, lost: 1, duplicated: 1, recoveredMs: null });
  });

  it('has nothing to recover where nothing was in flight', () => {
    expect(faultOutcome(fault, history({ a: [0, 100], later: [900, 950] }))).toMatchObject({
      inFlight: 0,
      resumedMs: null,
      recoveredMs: null,
    });
  });
});

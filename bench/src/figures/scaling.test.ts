import { describe, expect, it } from 'vitest';
import { type PodSighting, scalingFigures } from './scaling.js';
import { scalingSummary } from './scaling-summary.js';

const START_MS = 1_000_000;
const ROLE = 'distributor';

function pod(uid: string, afterMs: number, state: PodSighting['state'], restarts = 0): PodSighting {
  return { atMs: START_MS + afterMs, role: ROLE, uid, state, restarts };
}

const figures = (pods: readonly PodSighting[], writtenMs: readonly number[]) =>
  scalingFigures({ sightings: { pods, autoscalers: [] }, roles: [ROLE], startMs: START_MS, writtenMs })[0];

const writtenMs = Array.from({ length: 100 }, (_, index) => (index + 1) * 1_000);

describe('how a role was scaled', () => {
  it('is told by when each number of pods was first ready, and what was written by then', () => {
    const scaled = figures(
      [
        pod('a', -5_000, 'waiting'),
        pod('a', -4_000, 'ready'),
        pod('b', 15_000, 'waiting'),
        pod('c', 15_000, 'waiting'),
        pod('b', 20_000, 'ready'),
        pod('c', 22_500, 'ready'),
      ],
      writtenMs,
    );
    expect(scaled?.ready).toEqual([
      [0, 1],
      [20_000, 2],
      [22_500, 3],
    ]);
    expect(scaled?.reached).toEqual([
      { pods: 2, atMs: 20_000, written: 20 },
      { pods: 3, atMs: 22_500, written: 22 },
    ]);
  });

  it('costs pods from when they are made until they are gone, within the burst', () => {
    const scaled = figures(
      [pod('a', -5_000, 'ready'), pod('b', 90_000, 'waiting'), pod('a', 95_000, 'waiting'), pod('a', 96_000, 'gone')],
      writtenMs,
    );
    // 96 s of the first, the last 10 s of the second, which never was ready.
    expect(scaled?.podSeconds).toBe(106);
  });

  it('leaves out what came after the last order, and counts a pod that is taken away as ready no more', () => {
    const scaled = figures(
      [pod('a', -5_000, 'ready'), pod('b', 5_000, 'ready'), pod('b', 10_000, 'waiting'), pod('c', 120_000, 'ready')],
      writtenMs,
    );
    expect(scaled?.ready).toEqual([
      [0, 1],
      [5_000, 2],
      [10_000, 1],
    ]);
    expect(scaled?.reached.map(({ pods }) => pods)).toEqual([2]);
  });

  it('begins with nothing from no pods, and counts restarts once a pod', () => {
    const scaled = figures(
      [pod('a', 8_000, 'ready'), pod('a', 9_000, 'waiting', 1), pod('a', 9_500, 'ready', 1)],
      writtenMs,
    );
    expect(scaled?.reached).toEqual([{ pods: 1, atMs: 8_000, written: 8 }]);
    expect(scaled?.restarts).toBe(1);
  });

  it('has what the autoscaler saw: the last before the burst, then each change', () => {
    const sighting = (afterMs: number, messagesPerPod: number | null, desired: number) => ({
      atMs: START_MS + afterMs,
      role: ROLE,
      messagesPerPod,
      current: 1,
      desired,
    });
    const autoscalers = [sighting(-9_000, null, 1), sighting(-3_000, 0, 1), sighting(12_000, 8_000, 4)];
    const [scaled] = scalingFigures({
      sightings: { pods: [], autoscalers },
      roles: [ROLE],
      startMs: START_MS,
      writtenMs,
    });
    expect(scaled?.autoscaler).toEqual([
      { atMs: 0, messagesPerPod: 0, current: 1, desired: 1 },
      { atMs: 12_000, messagesPerPod: 8_000, current: 1, desired: 4 },
    ]);
  });
});

describe('a burst’s scaling in a few figures', () => {
  const role = (reached: readonly { pods: number; atMs: number; written: number }[]) => ({
    role: ROLE,
    ready: [],
    reached,
    podSeconds: 10,
    restarts: 0,
    autoscaler: [],
  });

  it('is that of the role that was first, and of the one with the most pods', () => {
    const summary = scalingSummary({
      from: 1,
      most: 6,
      roles: [
        role([{ pods: 2, atMs: 20_000, written: 50 }]),
        role([
          { pods: 2, atMs: 10_000, written: 5 },
          { pods: 3, atMs: 30_000, written: 80 },
        ]),
      ],
    });
    expect(summary).toEqual({
      firstNewMs: 10_000,
      writtenByFirstNew: 5,
      peakPods: 3,
      peakMs: 30_000,
      podSeconds: 20,
      restarts: 0,
    });
  });

  it('is without a time where no pod came', () => {
    expect(scalingSummary({ from: 1, most: 6, roles: [role([])] })).toMatchObject({
      firstNewMs: null,
      peakPods: 1,
      peakMs: null,
    });
  });
});

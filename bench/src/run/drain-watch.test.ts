import { describe, expect, it, vi } from 'vitest';
import { useVirtualTime } from '../../test-kit/virtual-time.js';
import { type Drainable, type DrainProgress, type DrainWatch, queuedMessages, watchDrain } from './drain-watch.js';

vi.mock('node:timers/promises', () => import('../../test-kit/virtual-time.js'));

it('counts what is scheduled to a topic as well as what waits in its subscription, and not what is kept as a dead letter', async () => {
  const none = { active: 0, scheduled: 0, locked: 0, deferred: 0, deadLettered: 9 };
  const counters = { delivered: 0, redelivered: 0, locksExpired: 0, locksRenewed: 0 };
  const queues = async () => [
    { ...none, counters, name: 't-order-ingress', scheduled: 1 },
    { ...none, counters, name: 't-order-ingress/Subscriptions/distributor', active: 2, locked: 4, deferred: 8 },
    { ...none, counters, name: 't-order-dead/Subscriptions/kept', active: 16 },
    { ...none, counters, name: 'orders-dead/Subscriptions/kept', active: 32 },
  ];
  expect(await queuedMessages({ queues })).toBe(15);
});

describe('the watch over a drain', () => {
  useVirtualTime();

  /** A place whose queues hold so many messages at each look, and 0 in the end. */
  const draining = (...moving: readonly number[]): Drainable => {
    const left = [...moving];
    let written = 0;
    return {
      failure: new Promise(() => {}),
      movingMessages: async () => left.shift() ?? 0,
      store: { blobCount: async () => (written += 50) },
    };
  };
  const watch = (site: Drainable, changes: Partial<DrainWatch> = {}) =>
    watchDrain({
      site,
      expected: 100,
      deadlineMs: Date.now() + 10_000,
      pollMs: 500,
      signal: new AbortController().signal,
      ...changes,
    });

  it('ends when no queue holds a message that could still move', async () => {
    const began = Date.now();
    expect(await watch(draining(9, 4, 1))).toBe('drained');
    expect(Date.now() - began).toBe(3 * 500);
  });

  it('ends at its deadline', async () => {
    const began = Date.now();
    expect(await watch({ ...draining(), movingMessages: async () => 1 })).toBe('timed out');
    expect(Date.now() - began).toBe(10_000);
  });

  it('tells at each look what is written, and how fast lately', async () => {
    const seen: DrainProgress[] = [];
    await watch(draining(9, 4), { onProgress: progress => seen.push(progress) });
    expect(seen.map(({ written, expected }) => [written, expected])).toEqual([
      [50, 100],
      [100, 100],
      [150, 100],
    ]);
    expect(seen.slice(1).map(({ ordersPerSecond }) => ordersPerSecond)).toEqual([100, 100]);
  });

  it('says 0 orders a second as soon as nothing was written for three seconds', async () => {
    const seen: DrainProgress[] = [];
    const counts = [0, 500, 1000, ...Array<number>(8).fill(1000)];
    const store = { blobCount: async () => counts.shift() ?? 1000 };
    const site = { ...draining(...Array<number>(10).fill(1)), store };
    await watch(site, { onProgress: progress => seen.push(progress) });
    expect(seen.map(({ ordersPerSecond }) => Math.round(ordersPerSecond))).toEqual([
      ...[0, 1000, 1000, 667, 500, 400, 333],
      ...[167, 0, 0, 0],
    ]);
  });

  it('says 0 orders a second at its first look, before which it knows nothing', async () => {
    const seen: DrainProgress[] = [];
    await watch(draining(), { onProgress: progress => seen.push(progress) });
    expect(seen).toEqual([{ written: 50, expected: 100, ordersPerSecond: 0 }]);
  });

  it('fails at once with what its place fails with', async () => {
    let fail = (_: Error) => {};
    const failure = new Promise<never>((_, reject) => {
      fail = reject;
    });
    const began = Date.now();
    const movingMessages = async () => {
      fail(new Error('daprd-distributor exited with code 2'));
      return 1;
    };
    await expect(watch({ ...draining(), failure, movingMessages })).rejects.toThrow('daprd-distributor exited');
    expect(Date.now() - began).toBeLessThan(500);
  });

  it('fails with the reason when it is aborted, between two looks too', async () => {
    const abort = new AbortController();
    const began = Date.now();
    setTimeout(() => abort.abort(new Error('interrupted by SIGINT')), 1_200);
    const aborted = watch({ ...draining(), movingMessages: async () => 1 }, { signal: abort.signal });
    await expect(aborted).rejects.toThrow('interrupted by SIGINT');
    expect(Date.now() - began).toBe(1_200);
  });
});

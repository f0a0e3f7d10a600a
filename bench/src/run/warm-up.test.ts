import { expect, it, vi } from 'vitest';
import { type FakeSite, type FakeSiteOptions, fakeSite } from '../../test-kit/fake-site.js';
import { useVirtualTime } from '../../test-kit/virtual-time.js';
import { INGRESS_QUEUE } from '../workload/pipeline.js';
import { scheduleWindow } from '../workload/workload.js';
import { warmUp } from './warm-up.js';

vi.mock('node:timers/promises', () => import('../../test-kit/virtual-time.js'));

const ORDERS = 20;

const warm = async (place: FakeSite, orders = ORDERS) => {
  const { signal } = new AbortController();
  const send = (count: number) =>
    scheduleWindow(count, { connectBus: () => place.site.connectBus(), to: INGRESS_QUEUE, signal });
  return warmUp({ site: place.site, orders, send, timeoutMs: 60_000, signal });
};

useVirtualTime();

it('drives so many orders through, no more and no fewer, and leaves nothing of them', async () => {
  const place = fakeSite();
  const empty = vi.spyOn(place.site, 'empty');
  const sent: string[] = [];
  const counted = fakeSite({ fate: messageId => void sent.push(messageId) });
  expect(await warm(counted)).toEqual({ orders: ORDERS });
  expect(sent).toHaveLength(ORDERS);
  await warm(place);
  expect(empty).toHaveBeenCalledTimes(1);
  expect(await place.site.store.blobCount()).toBe(0);
});

it('does nothing where none are wanted', async () => {
  const place = fakeSite();
  const connectBus = vi.spyOn(place.site, 'connectBus');
  expect(await warm(place, 0)).toEqual({ orders: 0 });
  expect(connectBus).not.toHaveBeenCalled();
});

it.each<[string, FakeSiteOptions, string]>([
  ['is not over in time', { fate: () => ({ kind: 'stuck' }) }, 'warm-up: 0 of 20 orders were written (timed out)'],
  [
    'loses an order',
    { fate: id => (id === '7' ? { kind: 'lost' } : undefined) },
    'warm-up: 19 of 20 orders were written',
  ],
])('fails where it %s, and names the logs', async (_, options, message) => {
  await expect(warm(fakeSite(options))).rejects.toThrow(message);
  await expect(warm(fakeSite(options))).rejects.toThrow('the logs in nowhere tell why');
});

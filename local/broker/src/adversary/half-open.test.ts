import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type Broker, startBroker } from '../broker.js';
import { AMQP_HEADER, open, RawConnection } from './raw-connection.js';

let broker: Broker;
beforeEach(async () => {
  broker = await startBroker({ queues: ['q'] });
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(async () => {
  vi.useRealTimers();
  await broker.close();
});

it.each([
  ['nothing', Buffer.alloc(0)],
  ['half a header', AMQP_HEADER.subarray(0, 4)],
  ['a header and nothing more', AMQP_HEADER],
])('a connection on which a client says %s is closed after 10 s', async (_what, bytes) => {
  const client = await RawConnection.to(broker.port);
  client.write(bytes);
  await vi.waitUntil(() => vi.getTimerCount() > 0, { interval: 1 });
  vi.advanceTimersByTime(9_000);
  expect(client.isClosed).toBe(false);
  vi.advanceTimersByTime(1_000);
  await vi.waitUntil(() => client.isClosed, { interval: 1 });
});

it('a connection that is open stays, however long its client is silent', async () => {
  const client = await RawConnection.to(broker.port);
  client.write(AMQP_HEADER, open());
  await vi.waitUntil(() => client.frames().length > 0, { interval: 1 });
  vi.advanceTimersByTime(3_600_000);
  expect(client.isClosed).toBe(false);
  client.destroy();
});

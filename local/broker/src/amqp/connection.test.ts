import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  AMQP_HEADER,
  attach,
  begin,
  flow,
  frame,
  frameOf,
  open,
  RawConnection,
  sasl,
  transfer,
} from '../adversary/raw-connection.js';
import { rheaFrames } from '../adversary/rhea-frames.js';
import { type Broker, startBroker } from '../broker.js';
import { TRANSFER_HEAD_SIZE_BYTES } from './frame.js';

let broker: Broker;
let client: RawConnection;
beforeEach(async () => {
  broker = await startBroker({ queues: ['q'], log: () => undefined });
});
afterEach(async () => {
  vi.useRealTimers();
  client.destroy();
  await broker.close();
});

describe('a protocol header', () => {
  it('of another protocol is answered with the one that the broker speaks', async () => {
    client = await RawConnection.to(broker.port);
    client.write(Buffer.from('GET / HTTP/1.1\r\n\r\n'));
    await until(() => client.isClosed);
    expect(client.received).toEqual(AMQP_HEADER);
  });

  it('of SASL leads to the mechanisms, and one that is none of them to a refusal', async () => {
    client = await RawConnection.to(broker.port);
    client.write(sasl('SCRAM'));
    await until(() => client.isClosed);
    expect(client.received.toString('latin1')).toMatch(/ANONYMOUS.*MSSBCBS.*PLAIN.*EXTERNAL/s);
    // The outcome's code, 1: it was not let in.
    expect(client.received.subarray(-8).toString('hex')).toBe('005344c003015001');
  });
});

describe('a client that takes frames of 512 bytes, and two of them at a time', () => {
  const BODY = Buffer.from(`005375b000000708${'42'.repeat(1800)}`, 'hex');
  const seen = (count: number) => ({ next_incoming_id: count, incoming_window: 2 });

  beforeEach(async () => {
    client = await RawConnection.to(broker.port);
    const links = [attach('sender', 'q'), attach('receiver', 'q', 1)];
    client.write(AMQP_HEADER, open({ max_frame_size: 512 }), begin(), ...links, transfer({ id: 0 }, BODY));
    client.write(flow({ ...seen(0), handle: 1, delivery_count: 0, link_credit: 5 }));
    await until(() => payloads().length === 2);
  });

  it('gets a message in many, as it asks for them', async () => {
    client.write(flow(seen(2)));
    await until(() => payloads().length === 4);
    client.write(flow(seen(4)));
    await until(() => payloads().length === 5);
    expect(Buffer.concat(payloads()).subarray(-BODY.length)).toEqual(BODY);
    const transfers = client.frames().filter(({ payload }) => payload);
    expect(transfers.map(({ performative }) => field(performative, 'more'))).toEqual([true, true, true, true, false]);
    expect(Math.max(...payloads().map(({ length }) => length))).toBe(512 - TRANSFER_HEAD_SIZE_BYTES - 16);
  });

  it('gets its credit back behind all of the message', async () => {
    client.write(flow({ ...seen(2), handle: 1, delivery_count: 0, link_credit: 5, drain: true }));
    await until(() => payloads().length === 4);
    client.write(flow(seen(4)));
    await until(() => client.frames().some(({ performative }) => field(performative, 'drain') === true));
    expect(payloads()).toHaveLength(5);
    expect(client.frames().at(-1)?.performative).toMatchObject({ handle: 1, delivery_count: 5, link_credit: 0 });
    expect(client.frames().at(-2)?.payload).toBeDefined();
  });

  it('gets nothing more of a link that it has closed', async () => {
    client.write(frame(rheaFrames.detach({ handle: 1, closed: true })), flow({ ...seen(2), echo: true }));
    await until(() => client.frames().some(({ performative }) => field(performative, 'next_outgoing_id') === 2));
    expect(payloads()).toHaveLength(2);
  });
});

it('a conversation is the same however its bytes are cut', async () => {
  client = await RawConnection.to(broker.port);
  const bytes = Buffer.concat([AMQP_HEADER, open(), begin(), attach('sender', 'q'), transfer({ id: 0 }, VALUE)]);
  for (const byte of bytes) await client.push(Buffer.from([byte]));
  await until(() => answers().length === 1);
  expect(answers()).toEqual([{ first: 0, outcome: 0x24 }]);
});

it.each([
  ['a minute', 60_000, 30_000],
  ['the longest time there is', 0xffff_ffff, 0x7fff_ffff],
])('a client that expects a sign of life within %s gets one in half of it', async (_what, idleTimeOut, halfMs) => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  client = await RawConnection.to(broker.port);
  client.write(AMQP_HEADER, open({ idle_time_out: idleTimeOut }));
  await until(() => client.frames().length === 1 && vi.getTimerCount() > 0);
  vi.advanceTimersByTime(halfMs - 1);
  expect(client.frames()).toHaveLength(1);
  vi.advanceTimersByTime(1);
  await until(() => client.frames().length === 2);
});

it('a message that its sender has settled is taken and not answered', async () => {
  const settled = rheaFrames.transfer({ handle: 0, delivery_id: 0, delivery_tag: Buffer.from('a'), settled: true });
  client = await RawConnection.openTo(
    broker.port,
    attach('sender', 'q'),
    frame(settled, VALUE),
    transfer({ id: 1 }, VALUE),
  );
  await until(() => answers().length > 0);
  expect(answers()).toEqual([{ first: 1, outcome: 0x24 }]);
});

it('a transactional state of a delivery is refused', async () => {
  const links = [attach('sender', 'q'), attach('receiver', 'q', 1)];
  client = await RawConnection.openTo(
    broker.port,
    ...links,
    transfer({ id: 7 }, VALUE),
    flow({ handle: 1, link_credit: 1 }),
  );
  await until(() => payloads().length === 1);
  client.write(frameOf(Buffer.from('005315c00d0541434042005334c00301a000', 'hex')));
  await until(() => answers().length === 2);
  expect(answers()).toEqual([
    { first: 7, outcome: 0x24 },
    { first: 0, outcome: 0x25 },
  ]);
});

/** The least that a message needs. */
const VALUE = Buffer.from('005377a10161', 'hex');

/** The payloads of the transfers that came. */
function payloads(): Buffer[] {
  return client.frames().flatMap(({ payload }) => payload ?? []);
}

/** What the broker settled, with the descriptor of the outcome. */
function answers(): object[] {
  return client.frames().flatMap(({ performative }) => {
    const { first, state } = (performative ?? {}) as { first?: number; state?: { descriptor: { value: number } } };
    return state ? [{ first, outcome: state.descriptor.value }] : [];
  });
}

function field(performative: unknown, name: string): unknown {
  return ((performative ?? {}) as Record<string, unknown>)[name];
}

function until(condition: () => boolean): Promise<boolean> {
  return vi.waitUntil(condition, { timeout: 10_000, interval: 1 });
}

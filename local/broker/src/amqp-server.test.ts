import { once } from 'node:events';
import rhea, { type Connection, type EventContext, type Receiver, type Sender } from 'rhea';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Broker, startBroker } from './broker.js';
import { swapUuidBytes } from './uuid.js';

let broker: Broker;
let connection: Connection;
let logged: string[];

beforeEach(async () => {
  logged = [];
  broker = await startBroker({ queues: ['q'], log: line => logged.push(line) });
  connection = connect();
  await once(connection, 'connection_open');
});
afterEach(async () => {
  connection.close();
  await broker.close();
});

describe('a receiver', () => {
  it('gets as many messages as it gave credit for', async () => {
    await send(30);
    const { receiver, received } = await openReceiver({ credit: 7 });
    await until(() => received.length === 7);
    receiver.add_credit(5);
    await until(() => received.length === 12);
    expect(await stateOf('q')).toMatchObject({ locked: 12, active: 18 });
  });

  it('shares the queue with others in turns', async () => {
    const [one, two] = [await openReceiver({ credit: 50 }), await openReceiver({ credit: 50 })];
    await until(async () => (await stateOf('q')).active === 0);
    await send(40);
    await until(() => one.received.length + two.received.length === 40);
    expect([one.received.length, two.received.length]).toEqual([20, 20]);
  });

  it('gets what there is and its credit back when it drains', async () => {
    await send(3);
    const { receiver, received } = await openReceiver({ credit: 10 });
    await until(() => received.length === 3);
    receiver.drain_credit();
    await once(receiver, 'receiver_drained');
    await send(2);
    expect(await stateOf('q')).toMatchObject({ active: 2, locked: 3 });
    receiver.drain = false;
    receiver.add_credit(1);
    await until(() => received.length === 4);
    expect(await stateOf('q')).toMatchObject({ active: 1 });
  });

  it('gets what there is, and then its credit back, when it asks for both at once', async () => {
    await send(3);
    const { receiver, received } = await openReceiver({ credit: 0 });
    receiver.add_credit(10);
    receiver.drain_credit();
    await once(receiver, 'receiver_drained');
    expect(received).toHaveLength(3);
    expect(await stateOf('q')).toMatchObject({ active: 0, locked: 3 });
  });

  it('may hold one message for as long as it likes while thousands pass by', async () => {
    await send(3000);
    const { receiver, received } = await openReceiver({ credit: 10 });
    receiver.on('message', ({ delivery, message }: EventContext) => {
      receiver.add_credit(1);
      if (message?.body !== 0) delivery?.accept();
    });
    await until(() => received.length === 3000);
    await until(async () => (await stateOf('q')).counters.completed === 2999);
    expect(await stateOf('q')).toMatchObject({ locked: 1, active: 0 });
  });

  it('sees its settlement answered as accepted, whatever it was', async () => {
    await send(4);
    const { receiver, deliveries } = await openReceiver({ credit: 4 });
    await until(() => deliveries.length === 4);
    const states: unknown[] = [];
    const [first, second, third, fourth] = deliveries;
    const settlements = [
      () => first?.accept(),
      () => second?.modified({ undeliverable_here: true }),
      () => third?.reject({ condition: 'com.microsoft:dead-letter', description: '' }),
      () => fourth?.release(),
    ];
    for (const settle of settlements) {
      const settled = once(receiver, 'settled');
      settle();
      const [{ delivery }] = (await settled) as [EventContext];
      states.push(stateOfDelivery(delivery));
    }
    expect(states).toEqual(['accepted', 'accepted', 'accepted', 'accepted']);
    expect((await stateOf('q')).counters).toMatchObject({ completed: 1, deferred: 1, deadLettered: 1, released: 1 });
  });

  it('is told which of its settlements came too late', async () => {
    await send(3);
    const { receiver, deliveries } = await openReceiver({ credit: 3 });
    await until(() => deliveries.length === 3);
    const ask = await openRequests('reply');
    const lockToken = swapUuidBytes(deliveries[1]?.tag as Buffer);
    const completed = await ask('com.microsoft:update-disposition', {
      'disposition-status': 'completed',
      'lock-tokens': rhea.types.wrap_array([lockToken], 0x98, undefined),
    });
    expect(completed?.application_properties).toMatchObject({ 'status-code': 200 });
    const states: unknown[] = [];
    receiver.on('settled', ({ delivery }: EventContext) => states.push(stateOfDelivery(delivery)));
    for (const delivery of deliveries) delivery.accept();
    await until(() => states.length === 3);
    expect(states).toEqual(['accepted', 'rejected', 'accepted']);
  });

  it('that goes away without a word leaves its messages locked', async () => {
    await send(2);
    const other = connect();
    const received: unknown[] = [];
    other.on('message', ({ message }: EventContext) => received.push(message));
    other.open_receiver({ source: 'q', credit_window: 0, autoaccept: false, rcv_settle_mode: 1 }).add_credit(1);
    await until(() => received.length === 1);
    other.set_reconnect(false);
    (other as unknown as { socket: { destroy(): void } }).socket.destroy();
    const { received: mine } = await openReceiver({ credit: 2 });
    await until(() => mine.length === 1);
    expect(await stateOf('q')).toMatchObject({ locked: 2, active: 0 });
  });
});

describe('a link', () => {
  it('repeats the addresses and settle modes that were asked for', async () => {
    const { receiver } = await openReceiver({ credit: 0, target: 'my-target' });
    expect([receiver.source.address, receiver.target.address]).toEqual(['q', 'my-target']);
    expect([receiver.snd_settle_mode, receiver.rcv_settle_mode]).toEqual([0, 1]);
  });

  it('to an unknown queue is opened without addresses and closed as not found', async () => {
    const sender = connection.open_sender('missing');
    await once(sender, 'sender_error');
    expect(sender.error).toMatchObject({ condition: 'amqp:not-found' });
    expect(sender.target?.address).toBeUndefined();
  });

  it('may carry many requests and replies, each reply to its own link', async () => {
    const [one, two] = [await openRequests('reply-1'), await openRequests('reply-2')];
    const [first, second] = await Promise.all([one('com.microsoft:peek-message'), two('com.microsoft:nonsense')]);
    expect(first).toMatchObject({ correlation_id: 'reply-1', application_properties: { 'status-code': 204 } });
    expect(second).toMatchObject({
      correlation_id: 'reply-2',
      application_properties: { 'status-code': 501, 'error-condition': 'amqp:not-implemented' },
    });
  });
});

describe('a sender', () => {
  it('is told when its bytes are no message, and may go on', async () => {
    const sender = await openSender();
    sender.send(Buffer.from('nonsense'), undefined, 0);
    const [{ delivery }] = (await once(sender, 'rejected')) as [EventContext];
    expect(delivery?.remote_state?.error).toMatchObject({ condition: 'amqp:decode-error' });
    sender.send({ body: 'good' });
    await once(sender, 'accepted');
    expect(await stateOf('q')).toMatchObject({ active: 1 });
  });

  it('is told of each of its messages whether it was taken, however many it sends at once', async () => {
    const sender = await openSender();
    const outcomes = new Map<number, string>();
    for (const outcome of ['accepted', 'rejected']) {
      sender.on(outcome, ({ delivery }: EventContext) => delivery && outcomes.set(delivery.id, outcome));
    }
    const isGood = [true, false, true, false, false, true, true, false];
    const sent = isGood.map(good =>
      sender.send(good ? rhea.message.encode({ body: 1 }) : Buffer.from('bad'), undefined, 0),
    );
    await until(() => outcomes.size === isGood.length);
    expect(sent.map(({ id }) => outcomes.get(id) === 'accepted')).toEqual(isGood);
    expect(await stateOf('q')).toMatchObject({ active: 4 });
  });
});

describe('a client that breaks the protocol', () => {
  it('is dropped and logged; the others stay', async () => {
    const bad = connect();
    await once(bad, 'connection_open');
    bad.on('error', () => undefined);
    const { socket } = bad as unknown as { socket: { write(bytes: Buffer): void } };
    bad.set_reconnect(false);
    socket.write(Buffer.from('0000000c02000000005399c0', 'hex'));
    await once(bad, 'disconnected');
    expect(logged.length).toBeGreaterThan(0);
    await send(1);
  });
});

function until(condition: () => boolean | Promise<boolean>): Promise<boolean> {
  return vi.waitUntil(condition, { timeout: 20_000 });
}

function connect(): Connection {
  const client = rhea.create_container();
  client.on('connection_error', () => undefined);
  client.on('sender_error', () => undefined);
  client.on('disconnected', () => undefined);
  return client.connect({
    host: '127.0.0.1',
    port: broker.port,
    reconnect: false,
    username: 'anonymous',
    // Room for the test that leaves thousands unsettled, as go-amqp has it.
    session_buffer_size: { incoming: 10_000, outgoing: 2048 },
  });
}

async function openSender(): Promise<Sender> {
  const sender = connection.open_sender('q');
  await once(sender, 'sendable');
  return sender;
}

/** Sends so many messages, numbered from 0 in their bodies, and waits until all are accepted. */
async function send(count: number): Promise<void> {
  const sender = await openSender();
  let sent = 0;
  let accepted = 0;
  const fill = () => {
    while (sent < count && sender.sendable()) sender.send({ body: sent++ });
  };
  sender.on('sendable', fill);
  sender.on('accepted', () => {
    accepted++;
    fill();
  });
  fill();
  await until(() => accepted === count);
  sender.close();
}

async function openReceiver(options: { credit: number; target?: string }) {
  const receiver: Receiver = connection.open_receiver({
    source: 'q',
    ...(options.target ? { target: options.target } : {}),
    credit_window: 0,
    autoaccept: false,
    autosettle: true,
    snd_settle_mode: 0,
    rcv_settle_mode: 1,
  });
  const received: unknown[] = [];
  const deliveries: NonNullable<EventContext['delivery']>[] = [];
  receiver.on('message', ({ message, delivery }: EventContext) => {
    received.push(message?.body);
    if (delivery) deliveries.push(delivery);
  });
  await once(receiver, 'receiver_open');
  receiver.add_credit(options.credit);
  return { receiver, received, deliveries };
}

/** Opens a pair of links to the queue's management node. @returns how to ask it something. */
async function openRequests(replyTo: string) {
  const receiver = connection.open_receiver({ source: 'q/$management', target: replyTo, name: `link-${replyTo}` });
  const sender = connection.open_sender('Q/$Management');
  await Promise.all([once(receiver, 'receiver_open'), once(sender, 'sendable')]);
  return async (operation: string, body: object = {}) => {
    const reply = once(receiver, 'message');
    sender.send({ message_id: replyTo, reply_to: replyTo, application_properties: { operation }, body });
    const [{ message }] = (await reply) as [EventContext];
    return message;
  };
}

function stateOfDelivery(delivery: EventContext['delivery']): string | undefined {
  const state = delivery?.remote_state as { constructor: { composite_type?: string } } | undefined;
  return state?.constructor.composite_type;
}

async function stateOf(queue: string) {
  const response = await fetch(`http://127.0.0.1:${broker.httpPort}/queues/${queue}`);
  return (await response.json()) as { active: number; locked: number; counters: Record<string, number> };
}

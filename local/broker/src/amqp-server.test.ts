import { once } from 'node:events';
import rhea, { type Connection, type EventContext, type Receiver, type Sender } from 'rhea';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { attach, flow, frameOf, RawConnection, transfer } from './adversary/raw-connection.js';
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

  it('is told the token of each lock by the delivery tag and, the same, among the delivery annotations', async () => {
    await send(2);
    const { messages, deliveries } = await openReceiver({ credit: 2 });
    await until(() => messages.length === 2);
    const tokens = messages.map(message => message?.delivery_annotations?.['x-opt-lock-token']);
    expect(tokens).toEqual(deliveries.map(({ tag }) => swapUuidBytes(tag as Buffer)));
  });

  it('is not answered what it says of a message after it closed its link, so that it settles it by a request', async () => {
    await send(1);
    const { receiver, messages, deliveries } = await openReceiver({ credit: 1 });
    await until(() => deliveries.length === 1);
    const request = await openRequests('reply');
    const closed = once(receiver, 'receiver_close');
    receiver.detach();
    await closed;
    deliveries[0]?.accept();
    await request('com.microsoft:peek-message');
    expect(deliveries[0]?.remote_settled).toBe(false);
    expect(await stateOf('q')).toMatchObject({ locked: 1 });
    const token: unknown = messages[0]?.delivery_annotations?.['x-opt-lock-token'];
    const reply = await request('com.microsoft:update-disposition', {
      'disposition-status': 'completed',
      'lock-tokens': rhea.types.wrap_array([token], 0x98, undefined),
    });
    expect(reply).toMatchObject({ application_properties: { 'status-code': 200 } });
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

  it('sees its own outcome as the answer to each settlement, and no error', async () => {
    await send(5);
    const { receiver, deliveries } = await openReceiver({ credit: 5 });
    await until(() => deliveries.length === 5);
    const states: unknown[] = [];
    const errors: unknown[] = [];
    const [first, second, third, fourth, fifth] = deliveries;
    const settlements = [
      () => first?.accept(),
      () => second?.modified({ undeliverable_here: true }),
      () => third?.modified({ delivery_failed: true }),
      () => fourth?.reject({ condition: 'com.microsoft:dead-letter', description: '' }),
      () => fifth?.release(),
    ];
    for (const settle of settlements) {
      const settled = once(receiver, 'settled');
      settle();
      const [{ delivery }] = (await settled) as [EventContext];
      states.push(stateOfDelivery(delivery));
      errors.push(delivery?.remote_state?.error);
    }
    expect(states).toEqual(['accepted', 'modified', 'modified', 'rejected', 'released']);
    expect(errors).toEqual(Array(5).fill(undefined));
    const { counters } = await stateOf('q');
    expect(counters).toMatchObject({ completed: 1, deferred: 1, abandoned: 1, deadLettered: 1, released: 1 });
  });

  it('sees the outcome of each delivery, also when it settles many at once in different ways', async () => {
    await send(6);
    const client = await RawConnection.openTo(
      broker.port,
      attach('receiver', 'q'),
      flow({ handle: 0, link_credit: 6 }),
    );
    await until(async () => (await stateOf('q')).locked === 6);
    // accepted, released, modified, modified, rejected, accepted
    const outcomes = [0x24, 0x26, 0x27, 0x27, 0x25, 0x24];
    client.write(...outcomes.map((outcome, id) => disposition(id, outcome)));
    const answers = () => client.frames().flatMap(({ performative }) => answersIn(performative));
    await until(() => answers().length === 6);
    expect(answers()).toEqual(outcomes);
    client.destroy();
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

  it('may have the name of another in the other direction, as Qpid Proton names both by their address', async () => {
    const client = await RawConnection.openTo(
      broker.port,
      attach('sender', 'q', 0, 'q'),
      attach('receiver', 'q', 1, 'q'),
      flow({ handle: 1, delivery_count: 0, link_credit: 1 }),
      transfer({ id: 0 }, rhea.message.encode({ body: 'order' })),
    );
    const fields = () => client.frames().map(({ performative }) => (performative ?? {}) as Record<string, unknown>);
    await until(() => fields().some(({ delivery_tag }) => delivery_tag !== undefined));
    const attached = fields().filter(
      ({ initial_delivery_count, name }) => initial_delivery_count !== undefined || name,
    );
    expect(attached.map(({ name, role }) => [name, role])).toEqual([
      ['q', true],
      ['q', false],
    ]);
    expect(client.error).toBeUndefined();
    client.destroy();
  });

  it('from an address that the broker should make up is refused, and the connection stays', async () => {
    const receiver = connection.open_receiver({ credit_window: 0 });
    await once(receiver, 'receiver_error');
    expect(receiver.error).toMatchObject({ condition: 'amqp:not-implemented' });
    await send(1);
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

describe('a request', () => {
  it.each([
    ['$cbs', '$cbs', undefined],
    ['q/$management', 'Q/$Management', undefined],
    ['amqps://127.0.0.1/$cbs', '/$cbs', undefined],
    ['/q/$management', 'amqp://localhost/q/$management', undefined],
    ['q/$management', 'q/$management', 'amqps://127.0.0.1/q/$management'],
  ])('to %s is answered on the link from %s when its reply-to is %s', async (node, source, replyTo) => {
    const receiver = connection.open_receiver({ source });
    const sender = connection.open_sender(node);
    await Promise.all([once(receiver, 'receiver_open'), once(sender, 'sendable')]);
    const reply = once(receiver, 'message');
    sender.send({
      message_id: 'id',
      ...(replyTo === undefined ? {} : { reply_to: replyTo }),
      application_properties: { operation: node.endsWith('$cbs') ? 'put-token' : 'com.microsoft:peek-message' },
      body: {},
    });
    const [{ message }] = (await reply) as [EventContext];
    expect(message?.correlation_id).toBe('id');
    expect(message?.application_properties?.['status-code']).toBeLessThan(300);
  });

  it.each([
    ['amqp://127.0.0.1/q', 202],
    ['sb://127.0.0.1:5672/Q/$DeadLetterQueue/$management', 202],
    ['sb://127.0.0.1:5672/', 202],
    ['q-without-a-scheme', 202],
    ['amqps://127.0.0.1/none', 404],
    ['sb://127.0.0.1:5672/none/$management', 404],
    ['amqp://127.0.0.1/topic/Subscriptions/one', 404],
  ])('that is a claim on %s is answered with %i', async (name, statusCode) => {
    const receiver = connection.open_receiver('$cbs');
    const sender = connection.open_sender('$cbs');
    await Promise.all([once(receiver, 'receiver_open'), once(sender, 'sendable')]);
    const reply = once(receiver, 'message');
    sender.send({ application_properties: { operation: 'put-token', name }, body: 'token' });
    const [{ message }] = (await reply) as [EventContext];
    expect(message?.application_properties).toMatchObject({ 'status-code': statusCode });
  });

  it('is answered on its own session, where several have a link from the node', async () => {
    const links = [connection.create_session(), connection.create_session(), connection.create_session()].map(
      session => {
        session.begin();
        return { receiver: session.open_receiver('$cbs'), sender: session.open_sender('$cbs') };
      },
    );
    await Promise.all(links.map(({ sender }) => once(sender, 'sendable')));
    for (const { receiver, sender } of links) {
      const reply = once(receiver, 'message');
      sender.send({ message_id: receiver.name, application_properties: { operation: 'put-token' }, body: 'token' });
      const [{ message }] = (await reply) as [EventContext];
      expect(message?.correlation_id).toBe(receiver.name);
    }
  });

  it.each([
    ['a small ulong', '5307'],
    ['a ulong', '800000000000000007'],
    ['a ulong past what a double counts', '80ffffffffffffffff'],
    ['the ulong 0', '44'],
    ['a UUID', '9800112233445566778899aabbccddeeff'],
    ['a short binary', 'a003010203'],
    ['a long binary', 'b000000003010203'],
    ['a short string', 'a102c3a9'],
    ['a long string', 'b100000002c3a9'],
  ])('with an id that is %s gets it back as it was', async (_what, id) => {
    const receiver = connection.open_receiver('$cbs');
    const sender = connection.open_sender('$cbs');
    await Promise.all([once(receiver, 'receiver_open'), once(sender, 'sendable')]);
    const bytes = new Promise<Buffer>(resolve => {
      const { socket } = connection as unknown as { socket: NodeJS.EventEmitter };
      socket.on('data', (data: Buffer) => data.includes(Buffer.from('status-code')) && resolve(data));
    });
    const properties = Buffer.from(`005373c0${(1 + id.length / 2).toString(16).padStart(2, '0')}01${id}`, 'hex');
    const rest = rhea.message.encode({ application_properties: { operation: 'put-token' }, body: 'token' });
    sender.send(Buffer.concat([properties, rest.subarray(rest.indexOf(Buffer.from('005374', 'hex')))]), undefined, 0);
    // Of the properties of the reply only the correlation-id is there, the sixth.
    expect((await bytes).toString('hex')).toContain(`4040404040${id}`);
  });
});

describe('a sender', () => {
  it.each([
    ['are no message', 'nonsense'],
    ['are none at all', ''],
  ])('is told when its bytes %s, and may go on', async (_, bytes) => {
    const sender = await openSender();
    sender.send(Buffer.from(bytes), undefined, 0);
    const [{ delivery }] = (await once(sender, 'rejected')) as [EventContext];
    expect(delivery?.remote_state?.error).toMatchObject({ condition: 'amqp:decode-error' });
    sender.send({ body: 'good' });
    await once(sender, 'accepted');
    expect(await stateOf('q')).toMatchObject({ active: 1 });
  });

  it('is refused with all three fields of an error', async () => {
    const sender = await openSender();
    sender.send(Buffer.from('nonsense'), undefined, 0);
    const [{ delivery }] = (await once(sender, 'rejected')) as [EventContext];
    const { value } = (delivery?.remote_state ?? {}) as { value?: { value: unknown[] }[] };
    expect(value?.[0]?.value).toHaveLength(3);
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

it.each([0xfffffffd, 5000])('a sender that counts its deliveries from %i gets its credit from there', async first => {
  const client = await RawConnection.openTo(broker.port, attach('sender', 'q', 0, 'sender', first));
  // How many deliveries each flow allows since the link was opened.
  const allowed = () =>
    client.frames().flatMap(({ performative }) => {
      const { delivery_count, link_credit } = (performative ?? {}) as Record<string, unknown>;
      return link_credit === undefined ? [] : [(Number(delivery_count) + Number(link_credit) - first) >>> 0];
    });
  await until(() => allowed().length > 0);
  expect(allowed()).toEqual([1000]);
  client.write(...Array.from({ length: 600 }, (_, id) => transfer({ id }, rhea.message.encode({ body: id }))));
  await until(() => (allowed().at(-1) ?? 0) > 1300);
  expect(allowed().at(-1)).toBeLessThanOrEqual(1600);
  client.destroy();
});

describe('a flow that asks for an echo', () => {
  it.each<[string, { handle?: number; delivery_count?: number; link_credit?: number }, object]>([
    ['of a receiver', { handle: 0, delivery_count: 0, link_credit: 3 }, { delivery_count: 0, link_credit: 3 }],
    ['of a sender', { handle: 1, delivery_count: 0 }, { delivery_count: 0, link_credit: 1000 }],
    ['of a session', {}, { handle: undefined, next_incoming_id: 0, incoming_window: 2048 }],
  ])('%s is answered with the state', async (_what, asked, answer) => {
    const client = await RawConnection.openTo(broker.port, attach('receiver', 'q'), attach('sender', 'q', 1));
    const flows = () =>
      client
        .frames()
        .map(({ performative }) => (performative ?? {}) as Record<string, unknown>)
        .filter(({ incoming_window, handle_max }) => incoming_window !== undefined && handle_max === undefined);
    await until(() => flows().some(({ link_credit }) => link_credit === 1000));
    const before = flows().length;
    client.write(flow({ ...asked, echo: true }));
    await until(() => flows().length > before);
    expect(flows().at(-1)).toMatchObject(answer);
    client.destroy();
  });
});

it.each(['ANONYMOUS', 'MSSBCBS', 'PLAIN', 'EXTERNAL'])('a client that names itself by %s is let in', async name => {
  const start = (done: (error: undefined, response: Buffer) => void) => done(undefined, Buffer.from('\0name\0key'));
  const mechanism = { sasl_mechanisms: { [name]: () => ({ start }) } };
  const client = rhea
    .create_container()
    .connect({ host: '127.0.0.1', port: broker.port, reconnect: false, ...mechanism });
  await once(client, 'connection_open');
  client.close();
  await once(client, 'connection_close');
});

describe('a client that breaks the protocol', () => {
  it.each([
    ['a frame cut short', Buffer.from('0000000c02000000005399c0', 'hex'), 'amqp:decode-error'],
    ['a message on a link that is not there', transfer({ id: 0 }, Buffer.from('x')), 'amqp:not-allowed'],
  ])('by %s is told why, dropped and logged; the others stay', async (_what, bytes, condition) => {
    const bad = connect();
    await once(bad, 'connection_open');
    const { socket } = bad as unknown as { socket: { write(bytes: Buffer): void } };
    const session = bad.create_session();
    session.begin();
    await once(bad, 'session_open');
    socket.write(bytes);
    const [{ error }] = (await once(bad, 'connection_error')) as [EventContext];
    expect(error).toMatchObject({ condition });
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
  const messages: EventContext['message'][] = [];
  const deliveries: NonNullable<EventContext['delivery']>[] = [];
  receiver.on('message', ({ message, delivery }: EventContext) => {
    received.push(message?.body);
    messages.push(message);
    if (delivery) deliveries.push(delivery);
  });
  await once(receiver, 'receiver_open');
  receiver.add_credit(options.credit);
  return { receiver, received, messages, deliveries };
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

/** A receiver's disposition of one delivery, with the descriptor of its outcome. */
function disposition(id: number, outcome: number): Buffer {
  return frameOf(Buffer.from([0, 0x53, 0x15, 0xc0, 10, 5, 0x41, 0x52, id, 0x40, 0x42, 0, 0x53, outcome, 0x45]));
}

/** The outcomes that a sender's disposition states, one for each delivery of its range. */
function answersIn(performative: unknown): unknown[] {
  const { role, first, last, settled, state } = (performative ?? {}) as Record<string, unknown>;
  if (role !== false || settled !== true || !state) return [];
  const { descriptor } = state as { descriptor: { value: number } };
  return Array(Number(last ?? first) - Number(first) + 1).fill(descriptor.value);
}

function stateOfDelivery(delivery: EventContext['delivery']): string | undefined {
  const state = delivery?.remote_state as { constructor: { composite_type?: string } } | undefined;
  return state?.constructor.composite_type;
}

async function stateOf(queue: string) {
  const response = await fetch(`http://127.0.0.1:${broker.httpPort}/queues/${queue}`);
  return (await response.json()) as { active: number; locked: number; counters: Record<string, number> };
}

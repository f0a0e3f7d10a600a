import { once } from 'node:events';
import fc from 'fast-check';
import rhea, { type Connection, type Delivery, type EventContext, type Receiver, type Sender } from 'rhea';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type Broker, startBroker } from '../broker.js';
import { AMQP_HEADER, attach, begin, frameOf, open, RawConnection } from './raw-connection.js';

const CLIENTS = 3;
const MAX_DELIVERIES = 3;

let broker: Broker;
beforeAll(async () => {
  // Locks do not end within a test: what became of each message is then only what the clients did.
  const queueSettings = { lockDurationMs: 600_000, maxDeliveryCount: MAX_DELIVERIES };
  broker = await startBroker({ queueSettings, log: () => undefined });
});
afterAll(() => broker.close());

/** What the documentation says about one message, in the plainest form. */
interface ModelMessage {
  readonly id: number;
  state: 'active' | 'locked' | 'deferred' | 'dead' | 'gone';
  deliveryCount: number;
  /** The client that holds the lock; none when it is gone and the lock is not. */
  holder?: number;
}

interface Model {
  readonly messages: ModelMessage[];
}

interface Real {
  readonly queue: string;
  readonly clients: Client[];
}

type Command = fc.AsyncCommand<Model, Real>;

class Send implements Command {
  constructor(
    readonly client: number,
    readonly count: number,
  ) {}
  check = () => true;
  async run(model: Model, real: Real): Promise<void> {
    const ids = Array.from({ length: this.count }, (_, index) => model.messages.length + index);
    await clientOf(real, this.client).send(ids);
    model.messages.push(...ids.map(id => ({ id, state: 'active' as const, deliveryCount: 0 })));
    await expectSame(model, real);
  }
  toString = () => `client ${this.client} sends ${this.count}`;
}

class Receive implements Command {
  constructor(readonly client: number) {}
  check = (model: Readonly<Model>) => model.messages.some(({ state }) => state === 'active');
  async run(model: Model, real: Real): Promise<void> {
    const expected = model.messages.find(({ state }) => state === 'active') as ModelMessage;
    const { id, deliveryCount } = await clientOf(real, this.client).receive();
    expect({ id, deliveryCount }).toEqual({ id: expected.id, deliveryCount: expected.deliveryCount });
    Object.assign(expected, { state: 'locked', holder: this.client });
    await expectSame(model, real);
  }
  toString = () => `client ${this.client} receives`;
}

class Settle implements Command {
  constructor(
    readonly how: 'accept' | 'abandon' | 'release' | 'defer' | 'deadLetter',
    readonly pick: number,
  ) {}
  check = (model: Readonly<Model>) => held(model).length > 0;
  async run(model: Model, real: Real): Promise<void> {
    const candidates = held(model);
    const message = candidates[this.pick % candidates.length] as ModelMessage;
    await clientOf(real, message.holder as number).settle(message.id, this.how);
    delete message.holder;
    if (this.how === 'accept') message.state = 'gone';
    if (this.how === 'defer') message.state = 'deferred';
    if (this.how === 'deadLetter') message.state = 'dead';
    if (this.how === 'release') message.state = 'active';
    if (this.how === 'abandon') message.state = ++message.deliveryCount >= MAX_DELIVERIES ? 'dead' : 'active';
    await expectSame(model, real);
  }
  toString = () => `its holder settles one: ${this.how}(${this.pick})`;
}

/** A client's connection breaks; it comes back with new links. */
class Drop implements Command {
  constructor(readonly client: number) {}
  check = () => true;
  async run(model: Model, real: Real): Promise<void> {
    clientOf(real, this.client).drop();
    real.clients[this.client] = await Client.open(real.queue);
    for (const message of held(model)) if (message.holder === this.client) delete message.holder;
    await expectSame(model, real);
  }
  toString = () => `client ${this.client} loses its connection`;
}

/** Somebody else breaks the protocol; nobody must notice. */
class BreakProtocol implements Command {
  constructor(readonly bytes: Uint8Array) {}
  check = () => true;
  async run(model: Model, real: Real): Promise<void> {
    const adversary = await RawConnection.to(broker.port);
    adversary.write(AMQP_HEADER, open(), begin(), attach('receiver', real.queue), frameOf(Buffer.from(this.bytes)));
    await vi.waitUntil(() => adversary.isClosed, { timeout: 10_000, interval: 1 });
    adversary.destroy();
    await expectSame(model, real);
  }
  toString = () => `a stranger sends a frame of ${Buffer.from(this.bytes).toString('hex')}`;
}

it('does with every message what the documentation says, whatever its clients do', async () => {
  const client = fc.nat(CLIENTS - 1);
  const how = fc.constantFrom(
    'accept' as const,
    'abandon' as const,
    'release' as const,
    'defer' as const,
    'deadLetter' as const,
  );
  const noPerformative = fc.uint8Array({ minLength: 1, maxLength: 40 }).filter(([first]) => first !== 0);
  const commands = fc.commands(
    [
      fc.tuple(client, fc.integer({ min: 1, max: 3 })).map(([who, count]) => new Send(who, count)),
      client.map(who => new Receive(who)),
      fc.tuple(how, fc.nat(20)).map(([kind, pick]) => new Settle(kind, pick)),
      client.map(who => new Drop(who)),
      noPerformative.map(bytes => new BreakProtocol(bytes)),
    ],
    { maxCommands: 40, size: 'max' },
  );
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(commands, async sequence => {
      const queue = `q-${++runs}`;
      await fetch(`http://127.0.0.1:${broker.httpPort}/queues/${queue}`, { method: 'PUT' });
      const clients = await Promise.all(Array.from({ length: CLIENTS }, () => Client.open(queue)));
      const real = { queue, clients };
      try {
        await fc.asyncModelRun(() => ({ model: { messages: [] }, real }), sequence);
      } finally {
        for (const each of real.clients) each.drop();
      }
    }),
    { seed: 1, numRuns: 30 },
  );
});

/** A client with a sender and a receiver on the queue, each thing it does waited for. */
class Client {
  readonly #connection: Connection;
  readonly #sender: Sender;
  readonly #receiver: Receiver;
  readonly #held = new Map<number, Delivery>();

  private constructor(connection: Connection, links: { sender: Sender; receiver: Receiver }) {
    this.#connection = connection;
    this.#sender = links.sender;
    this.#receiver = links.receiver;
  }

  static async open(queue: string): Promise<Client> {
    const container = rhea.create_container();
    container.on('disconnected', () => undefined);
    const connection = container.connect({ host: '127.0.0.1', port: broker.port, reconnect: false });
    const sender = connection.open_sender(queue);
    const receiver = connection.open_receiver({
      source: queue,
      credit_window: 0,
      autoaccept: false,
      autosettle: true,
      rcv_settle_mode: 1,
    });
    await Promise.all([once(sender, 'sendable'), once(receiver, 'receiver_open')]);
    return new Client(connection, { sender, receiver });
  }

  async send(ids: readonly number[]): Promise<void> {
    let accepted = 0;
    const count = () => accepted++;
    this.#sender.on('accepted', count);
    for (const id of ids) this.#sender.send({ message_id: String(id), body: id });
    await vi.waitUntil(() => accepted === ids.length, { timeout: 10_000, interval: 1 });
    this.#sender.off('accepted', count);
  }

  async receive(): Promise<{ id: number; deliveryCount: number }> {
    const received = once(this.#receiver, 'message');
    this.#receiver.add_credit(1);
    const [{ message, delivery }] = (await received) as [EventContext];
    const id = message?.body as number;
    if (delivery) this.#held.set(id, delivery);
    return { id, deliveryCount: message?.delivery_count ?? 0 };
  }

  async settle(id: number, how: Settle['how']): Promise<void> {
    const delivery = this.#held.get(id) as Delivery;
    this.#held.delete(id);
    const settled = once(this.#receiver, 'settled');
    if (how === 'accept') delivery.accept();
    else if (how === 'release') delivery.release();
    else if (how === 'deadLetter') delivery.reject({ condition: 'com.microsoft:dead-letter', description: '' });
    else delivery.modified({ delivery_failed: true, undeliverable_here: how === 'defer' });
    await settled;
  }

  /** Goes away without a word. */
  drop(): void {
    (this.#connection as unknown as { socket: { destroy(): void } }).socket.destroy();
  }
}

function clientOf({ clients }: Real, index: number): Client {
  return clients[index] as Client;
}

function held({ messages }: Readonly<Model>): ModelMessage[] {
  return messages.filter(({ holder }) => holder !== undefined);
}

async function expectSame({ messages }: Model, { queue }: Real): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${broker.httpPort}/queues/${queue}`);
  const count = (wanted: ModelMessage['state']) => messages.filter(({ state }) => state === wanted).length;
  expect(await response.json()).toMatchObject({
    active: count('active'),
    locked: count('locked'),
    deferred: count('deferred'),
    deadLettered: count('dead'),
  });
}

import { once } from 'node:events';
import rhea, { type Connection, type EventContext, type Message } from 'rhea';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type BrokerProcess, startBrokerProcess } from './broker-process.js';
import { AMQP_HEADER, attach, begin, flow, frameOf, open, RawConnection, sasl, transfer } from './raw-connection.js';

const PEEK = 'com.microsoft:peek-message';
const SCHEDULE = 'com.microsoft:schedule-message';
const TO_US = { message_id: 1, reply_to: 'q/$management' };

let broker: BrokerProcess;
let bystander: Connection;
const adversaries: RawConnection[] = [];

// One broker for all of it: what one test did to it the next ones would feel.
beforeAll(async () => {
  broker = await startBrokerProcess();
  bystander = rhea.create_container().connect({ host: '127.0.0.1', port: broker.port, reconnect: false });
  await once(bystander, 'connection_open');
});
beforeEach(() => broker.purge());
afterEach(() => {
  for (const adversary of adversaries.splice(0)) adversary.destroy();
});
afterAll(async () => {
  bystander.close();
  await broker.close();
});

describe('malformed bytes', () => {
  it.each([
    ['no AMQP at all', Buffer.from('GET / HTTP/1.1\r\nhost: x\r\n\r\n')],
    ['another version of AMQP', Buffer.from('414d515000000901', 'hex')],
    ['a frame smaller than its own header', join(AMQP_HEADER, Buffer.from('0000000402000000', 'hex'))],
    ['a frame whose body begins beyond its end', join(AMQP_HEADER, Buffer.from('00000008ff000000', 'hex'))],
    ['a performative that is no performative', join(AMQP_HEADER, frameOf(Buffer.from('a10161', 'hex')))],
    ['a list cut short', join(AMQP_HEADER, frameOf(Buffer.from('005310c0ffff', 'hex')))],
    ['a session before the connection is open', join(AMQP_HEADER, begin(), attach('sender', 'q'))],
    ['a link on a session that was not begun', join(AMQP_HEADER, open(), attach('sender', 'q'))],
    ['a message on a link that was not attached', join(AMQP_HEADER, open(), begin(), message(0))],
    ['SASL with a mechanism that is none', sasl('toString')],
  ])('that are %s close the connection', async (_what, bytes) => {
    const adversary = await connect();
    adversary.write(bytes);
    await until(() => adversary.isClosed);
    await expectUndisturbed();
  });

  it('that state four thousand million items in twenty bytes are refused before memory is taken for them', async () => {
    const before = broker.rssBytes();
    const arrayOfNulls = frameOf(Buffer.from('005310f0000000ffffffffff40', 'hex'));
    const nestedLists = frameOf(Buffer.from(`005310${'d0000000ff01ffffff'.repeat(20)}`, 'hex'));
    for (const bytes of [arrayOfNulls, nestedLists]) {
      const adversary = await connect();
      adversary.write(AMQP_HEADER, bytes);
      await until(() => adversary.isClosed);
    }
    await expectUndisturbed();
    expect(broker.rssBytes() - before).toBeLessThan(50 * MIB);
  });

  it('that nest thousands of lists are refused', async () => {
    const adversary = await connect();
    adversary.write(AMQP_HEADER, frameOf(Buffer.from(`005310${'c0ff01'.repeat(20_000)}45`, 'hex')));
    await until(() => adversary.isClosed);
    await expectUndisturbed();
  });

  it.each([
    ['a time to live that is no uint', '005370c00c03404081ffffffffffffffff'],
    ['application properties that are no map', '005374c00401a10161'],
  ])('in a message, %s, are refused and the link goes on', async (_what, section) => {
    const adversary = await RawConnection.openTo(broker.port, attach('sender', 'q'));
    adversaries.push(adversary);
    adversary.write(transfer({ id: 0 }, join(Buffer.from(section, 'hex'), BODY)), message(1));
    await until(async () => (await broker.stateOf('q')).active === 1);
    await until(() => isRejected(adversary));
    expect(adversary.isClosed).toBe(false);
    await expectUndisturbed();
  });
});

describe('a message', () => {
  it.each([
    ['without payload', [transfer({ id: 0 }, Buffer.alloc(0))]],
    [
      'of several frames without payload',
      [transfer({ id: 0, more: true }, Buffer.alloc(0)), transfer({ id: 0 }, Buffer.alloc(0))],
    ],
    [
      'in a batch that is no bytes',
      [transfer({ id: 0, format: 0x80013700 }, Buffer.from('005375c00401a10161', 'hex'))],
    ],
    ['with a value of a type that AMQP has not', [transfer({ id: 0 }, Buffer.from('005374c10502a1016146', 'hex'))]],
    ['with a map that states more than it has', [transfer({ id: 0 }, Buffer.from('005374c10504a1016141', 'hex'))]],
  ])('%s is refused with a reason, and the link and others go on', async (_what, frames) => {
    const adversary = await RawConnection.openTo(broker.port, attach('sender', 'q'));
    adversaries.push(adversary);
    adversary.write(...frames, message(1));
    await until(async () => (await broker.stateOf('q')).active === 1);
    await until(() => isRejected(adversary));
    expect(adversary.isClosed).toBe(false);
    await expectUndisturbed();
  });

  it('whose delivery-id was used before, or leaves some out, is taken, and each is answered', async () => {
    const adversary = await RawConnection.openTo(broker.port, attach('sender', 'q'));
    adversaries.push(adversary);
    adversary.write(...[5, 6, 6, 9, 2].map(message));
    await until(async () => (await broker.stateOf('q')).active === 5);
    await until(() => answered(adversary) === 5);
    expect(adversary.isClosed).toBe(false);
    await expectUndisturbed();
  });

  it.each([
    ['in its first frame', [aborted(0)]],
    ['in a later frame', [transfer({ id: 0, more: true }, BODY), aborted(0)]],
  ])('that its sender gives up %s is not taken, and the link goes on', async (_what, frames) => {
    const adversary = await RawConnection.openTo(broker.port, attach('sender', 'q'));
    adversaries.push(adversary);
    adversary.write(...frames, message(1), message(2));
    await until(async () => (await broker.stateOf('q')).active === 2);
    expect(adversary.isClosed).toBe(false);
    await expectUndisturbed();
  });
});

describe('too much', () => {
  it('in one frame closes the connection before it is held in memory', async () => {
    const before = broker.rssBytes();
    const adversary = await connect();
    adversary.write(AMQP_HEADER, open(), Buffer.from('7fffffff02000000', 'hex'));
    for (let sent = 0; sent < 200 && !adversary.isClosed; sent++) await adversary.push(Buffer.alloc(MIB));
    await until(() => adversary.isClosed);
    await expectUndisturbed();
    expect(broker.rssBytes() - before).toBeLessThan(50 * MIB);
  });

  it('in one message of many frames is refused without being held in memory', async () => {
    const before = broker.rssBytes();
    const adversary = await RawConnection.openTo(broker.port, attach('sender', 'q'));
    adversaries.push(adversary);
    const part = transfer({ id: 0, more: true }, Buffer.alloc(60_000));
    for (let sent = 0; sent < 4000 && !adversary.isClosed; sent++) await adversary.push(part);
    adversary.write(transfer({ id: 0 }, Buffer.alloc(1)));
    await until(() => adversary.isClosed || adversary.error !== undefined || isRejected(adversary));
    await expectUndisturbed();
    expect(broker.rssBytes() - before).toBeLessThan(60 * MIB);
  });

  it('of sessions closes the connection', async () => {
    const adversary = await RawConnection.openTo(broker.port);
    adversaries.push(adversary);
    for (let channel = 1; channel < 10_000 && !adversary.isClosed; channel++) await adversary.push(begin(channel));
    await until(() => adversary.isClosed);
    expect(adversary.error).toBe('amqp:resource-limit-exceeded');
    await expectUndisturbed();
  });

  it('of links closes the connection', async () => {
    const adversary = await RawConnection.openTo(broker.port);
    adversaries.push(adversary);
    for (let handle = 0; handle < 10_000 && !adversary.isClosed; handle++) {
      await adversary.push(attach('receiver', 'q', handle));
    }
    await until(() => adversary.isClosed);
    expect(adversary.error).toBe('amqp:resource-limit-exceeded');
    await expectUndisturbed();
  });

  it('in one disposition, of every delivery there could ever be, is done at once', async () => {
    await send(3);
    const adversary = await RawConnection.openTo(broker.port, attach('receiver', 'q'));
    adversaries.push(adversary);
    adversary.write(flow({ handle: 0, delivery_count: 0, link_credit: 3 }));
    await until(async () => (await broker.stateOf('q')).locked === 3);
    adversary.write(frameOf(Buffer.from('005315c00d05414370ffffffff4100532445', 'hex')));
    await until(async () => (await broker.stateOf('q')).locked === 0);
    await expectUndisturbed();
  });
});

describe('wrong credit', () => {
  it.each([
    ['below what was delivered already', { delivery_count: 0, link_credit: 0 }],
    ['of four thousand million', { delivery_count: 0, link_credit: 0xffffffff }],
    ['without a delivery count', { link_credit: 0 }],
  ])('%s can be drained', async (_what, credit) => {
    await send(3);
    const adversary = await RawConnection.openTo(broker.port, attach('receiver', 'q'));
    adversaries.push(adversary);
    adversary.write(flow({ handle: 0, delivery_count: 0, link_credit: 3 }));
    await until(async () => (await broker.stateOf('q')).locked === 3);
    adversary.write(flow({ handle: 0, drain: true, ...credit }));
    await expectUndisturbed();
  });

  it('without a delivery count is counted from the start of the link', async () => {
    await send(3);
    const adversary = await RawConnection.openTo(broker.port, attach('receiver', 'q'));
    adversaries.push(adversary);
    adversary.write(flow({ handle: 0, link_credit: 2 }));
    await until(async () => (await broker.stateOf('q')).locked === 2);
    await until(() => adversary.frames().filter(({ payload }) => payload).length === 2);
    await expectUndisturbed();
  });
});

describe('requests', () => {
  it('whose replies nobody takes are refused after a thousand', async () => {
    const links = [attach('sender', 'q/$management'), attach('receiver', 'q/$management', 1)];
    const adversary = await RawConnection.openTo(broker.port, ...links);
    adversaries.push(adversary);
    const request = rhea.message.encode({ ...TO_US, application_properties: { operation: PEEK }, body: {} });
    for (let id = 0; id < 1100; id++) await adversary.push(transfer({ id }, request));
    await until(() => isRejected(adversary));
    await expectUndisturbed();
  });

  it.each<[string, object]>([
    ['with a reply-to that nobody is', { ...TO_US, reply_to: 'nobody', application_properties: { operation: PEEK } }],
    [
      'with a name that every object has',
      { ...TO_US, application_properties: { operation: 'com.microsoft:constructor' } },
    ],
    ['with a list where text should be', { ...TO_US, application_properties: { operation: [] } }],
    [
      'with nothing where a message should be',
      { ...TO_US, application_properties: { operation: SCHEDULE }, body: { messages: [null] } },
    ],
  ])('%s are refused and the link goes on', async (_what, request) => {
    const links = [attach('sender', 'q/$management'), attach('receiver', 'q/$management', 1)];
    const adversary = await RawConnection.openTo(broker.port, ...links, flow({ handle: 1, link_credit: 10 }));
    adversaries.push(adversary);
    adversary.write(transfer({ id: 0 }, rhea.message.encode(request as Message)));
    await until(() => isRejected(adversary) || statusOf(adversary) >= 400);
    expect(adversary.isClosed).toBe(false);
    await expectUndisturbed();
  });
});

describe('a client', () => {
  it('that can take only tiny frames is refused', async () => {
    await send(1);
    const adversary = await connect();
    const credit = flow({ handle: 0, delivery_count: 0, link_credit: 1 });
    adversary.write(AMQP_HEADER, open({ max_frame_size: 10 }), begin(), attach('receiver', 'q'), credit);
    await until(() => adversary.isClosed);
    expect(await broker.stateOf('q')).toMatchObject({ active: 1, locked: 0 });
    await expectUndisturbed();
  });

  it('that ends a link and a session twice keeps its other ones', async () => {
    const detach = frameOf(Buffer.from('005316c003024341', 'hex'), 1);
    const end = frameOf(Buffer.from('00531745', 'hex'), 1);
    const adversary = await RawConnection.openTo(broker.port, attach('sender', 'q'), begin(1));
    adversaries.push(adversary);
    const other = attach('receiver', 'q');
    other.writeUInt16BE(1, 6);
    adversary.write(other, detach, detach, end, detach, end, message(0));
    await until(async () => (await broker.stateOf('q')).active === 1);
    expect(adversary.isClosed).toBe(false);
    await expectUndisturbed();
  });

  it('that broke the protocol and stays connected gets no more messages', async () => {
    const adversary = await RawConnection.openTo(broker.port, attach('receiver', 'q'));
    adversaries.push(adversary);
    adversary.write(flow({ handle: 0, delivery_count: 0, link_credit: 10 }), frameOf(Buffer.from('00', 'hex')));
    await until(() => adversary.isClosed);
    await send(1);
    expect(await broker.stateOf('q')).toMatchObject({ active: 1, locked: 0 });
    await expectUndisturbed();
  });

  it('that closes only its own half is let go, and its messages stay locked', async () => {
    await send(1);
    const adversary = await RawConnection.openTo(broker.port, attach('receiver', 'q'));
    adversaries.push(adversary);
    adversary.write(flow({ handle: 0, delivery_count: 0, link_credit: 10 }));
    await until(async () => (await broker.stateOf('q')).locked === 1);
    adversary.end();
    await until(() => adversary.isClosed);
    await send(1);
    expect(await broker.stateOf('q')).toMatchObject({ active: 1, locked: 1 });
  });

  it('of an unknown address gets an error on its link, and may go on', async () => {
    const adversary = await RawConnection.openTo(broker.port, attach('sender', `\u0000${'x'.repeat(10_000)}`));
    adversaries.push(adversary);
    await until(() => adversary.error === 'amqp:not-found');
    adversary.write(attach('sender', 'q', 1));
    await until(() => adversary.frames().length >= 4);
    expect(adversary.isClosed).toBe(false);
    await expectUndisturbed();
  });
});

const MIB = 1024 ** 2;
/** An AMQP value section, which is the least that a message needs. */
const BODY = Buffer.from('005377a10161', 'hex');

function message(id: number): Buffer {
  return transfer({ id }, BODY);
}

function join(...parts: Buffer[]): Buffer {
  return Buffer.concat(parts);
}

/** Whether the broker refused a message. */
function isRejected(adversary: RawConnection): boolean {
  return adversary.frames().some(({ performative }) => {
    const { state } = (performative ?? {}) as { state?: { descriptor?: { value: number } } };
    return state?.descriptor?.value === 0x25;
  });
}

/** The status of the first reply that came; 0 before. */
function statusOf(adversary: RawConnection): number {
  const reply = adversary.frames().find(({ payload }) => payload)?.payload;
  const message = reply && (rhea.message.decode(reply) as unknown as Message);
  return message?.application_properties?.['status-code'] ?? 0;
}

async function connect(): Promise<RawConnection> {
  const adversary = await RawConnection.to(broker.port);
  adversaries.push(adversary);
  return adversary;
}

function until(condition: () => boolean | Promise<boolean>): Promise<boolean> {
  return vi.waitUntil(condition, { timeout: 10_000 });
}

async function send(count: number): Promise<void> {
  const sender = bystander.open_sender('q');
  await once(sender, 'sendable');
  for (let sent = 0; sent < count; sent++) {
    sender.send({ body: 'good' });
    await once(sender, 'accepted');
  }
  sender.close();
  await once(sender, 'sender_close');
}

/** The client that was there before can send and receive. */
async function expectUndisturbed(): Promise<void> {
  await send(1);
  const receiver = bystander.open_receiver({ source: 'q', credit_window: 0, autoaccept: false });
  receiver.add_credit(1);
  const [{ delivery }] = (await once(receiver, 'message')) as [EventContext];
  delivery?.accept();
  receiver.close();
  await once(receiver, 'receiver_close');
}

/** A frame that gives up a message. */
function aborted(id: number): Buffer {
  return frameOf(
    Buffer.from([0, 0x53, 0x14, 0xc0, 14, 10, 0x43, 0x52, id, 0xa0, 1, 48, 0x43, 0x42, 0x42, 0x40, 0x40, 0x42, 0x41]),
  );
}

/** How many of its messages the broker has answered. */
function answered(adversary: RawConnection): number {
  const ranges = adversary.frames().flatMap(({ performative }) => {
    const { role, first, last } = (performative ?? {}) as { role?: boolean; first?: number; last?: number };
    return role === true && first !== undefined ? [(last ?? first) - first + 1] : [];
  });
  return ranges.reduce((sum, count) => sum + count, 0);
}

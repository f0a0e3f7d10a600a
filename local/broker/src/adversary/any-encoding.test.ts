import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DeliveryState } from '../amqp/delivery-state.js';
import { readFrame } from '../amqp/frame.js';
import type { Performative } from '../amqp/performative.js';
import { decodeValue } from '../amqp-value.js';
import { BATCH_FORMAT, EncodedMessage } from '../encoded-message.js';
import { mapEntriesOf, sectionsOf } from '../encoding.js';
import { Entities } from '../entities.js';
import { decodedByRhea, exampleMessage } from '../example-message.js';
import { answerManagement } from '../management.js';
import { type Outcome, outcomeOf, settleByOutcome } from '../outcome.js';
import type { Queue } from '../queue.js';
import { ManagementRequest } from '../request.js';
import { defaultQueueSettings } from '../settings.js';
import * as amqp from './any-encoding.js';
import { frameOf } from './raw-connection.js';

/*
 * However a client encodes what it says, it means the same: each property draws an encoding for every value in it and
 * expects what the shortest ones lead to.
 */

const PLAIN_MESSAGE = Buffer.from('005377a10161', 'hex');

/** Stands for a lock token that is not known yet. */
const TOKEN = Buffer.alloc(16, 0xee);

const SECTION_NAMES: Readonly<Record<number, string>> = {
  112: 'amqp:header:list',
  114: 'amqp:message-annotations:map',
  115: 'amqp:properties:list',
  116: 'amqp:application-properties:map',
  117: 'amqp:data:binary',
  119: 'amqp:amqp-value:*',
};

describe('a message in any encoding', () => {
  const fields = fc.record({
    durable: fc.boolean(),
    priority: fc.nat(255),
    ttl: fc.oneof(fc.constantFrom(1, 255, 256), fc.integer({ min: 1, max: 2 ** 32 - 1 })),
    messageId: fc.oneof(
      fc.string({ minLength: 1, maxLength: 300 }),
      fc.constantFrom(0, 1, 255, 256, 2 ** 40, 2n ** 64n - 1n),
    ),
    scheduledAtMs: fc.integer({ min: 1, max: 2 ** 52 }),
    flag: fc.boolean(),
    number: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
    body: fc.uint8Array({ maxLength: 300 }),
  });
  const encoded = fields.chain(given => fc.tuple(fc.constant(given), messageOf(given)));

  it('is read as what it says', () => {
    fc.assert(
      fc.property(encoded, ([given, bytes]) => {
        const read = EncodedMessage.read(bytes);
        expect(read).toMatchObject({
          messageId: String(given.messageId),
          timeToLiveMs: given.ttl,
          scheduledAtMs: given.scheduledAtMs,
        });
        const delivered = decodedByRhea(read.encode(exampleMessage(read)));
        const { durable, priority, ttl } = given;
        expect(delivered).toMatchObject({ durable, priority, ttl, subject: 'subject' });
        // rhea reads a boolean that is encoded as a byte as a number.
        const { flag, ...properties } = delivered.application_properties ?? {};
        expect({ flag: Boolean(flag), ...properties }).toEqual({ flag: given.flag, number: given.number });
        expect(delivered.message_annotations).toMatchObject({
          'x-opt-partition-key': 'key',
          'x-opt-sequence-number': 1,
        });
        expect(delivered.body.content).toEqual(Buffer.from(given.body));
      }),
    );
  });

  it('takes properties to set, whatever it was', () => {
    fc.assert(
      fc.property(encoded, ([given, bytes]) => {
        const changed = EncodedMessage.read(bytes).withApplicationProperties({ flag: 'new', more: 1 });
        expect(decodedByRhea(changed.encode(exampleMessage(changed))).application_properties).toEqual({
          flag: 'new',
          number: given.number,
          more: 1,
        });
      }),
    );
  });

  it('is read out of a batch in any encoding', () => {
    const batch = fc
      .array(encoded, { minLength: 1, maxLength: 4 })
      .chain(messages =>
        fc.tuple(
          fc.constant(messages.map(([{ messageId }]) => String(messageId))),
          amqp.joined(...messages.map(([, bytes]) => section(0x75, amqp.binary(bytes)))),
        ),
      );
    fc.assert(
      fc.property(batch, ([ids, bytes]) => {
        expect(EncodedMessage.readTransfer(bytes, BATCH_FORMAT).map(({ messageId }) => messageId)).toEqual(ids);
      }),
    );
  });
});

describe('a request in any encoding', () => {
  it('tells its operation and its reply-to', () => {
    const bytes = amqp.joined(
      section(0x73, amqp.list([amqp.ulong(7), amqp.nothing, amqp.nothing, amqp.nothing, amqp.string('reply')])),
      section(0x74, amqp.map([[amqp.string('operation'), amqp.string('com.microsoft:peek-message')]])),
    );
    fc.assert(
      fc.property(bytes, encoded => {
        const { replyTo, operation } = new ManagementRequest(encoded);
        expect({ replyTo, operation }).toEqual({ replyTo: 'reply', operation: 'com.microsoft:peek-message' });
      }),
    );
  });

  it('schedules, peeks and cancels', () => {
    const message = amqp.joined(
      section(0x72, amqp.map([[amqp.symbol('x-opt-scheduled-enqueue-time'), amqp.timestamp(1e13)]])),
      section(0x77, amqp.string('body')),
    );
    const entry = message.chain(bytes => amqp.map([[amqp.string('message'), amqp.binary(bytes)]]));
    const schedule = request('schedule-message', [['messages', amqp.list([entry, entry])]]);
    const peek = request('peek-message', [
      ['from-sequence-number', amqp.long(2)],
      ['message-count', amqp.int(5)],
    ]);
    const cancel = request('cancel-scheduled-message', [['sequence-numbers', longs(1, 2)]]);
    fc.assert(
      fc.property(schedule, peek, cancel, (...requests) => {
        const { queue, ask } = newQueue();
        expect(requests.map(ask)).toEqual([200, 200, 200]);
        expect(queue.counters).toMatchObject({ scheduled: 2, cancelled: 2 });
      }),
    );
  });

  it.each(['abandoned', 'defered', 'suspended'])('settles by lock token as %s, each property with its type', status => {
    const disposition = request('update-disposition', [
      ['disposition-status', amqp.string(status)],
      ['lock-tokens', fc.oneof(amqp.array(0x98, [TOKEN]), amqp.list([amqp.uuid(TOKEN)]))],
      ['properties-to-modify', propertiesToModify(amqp.string)],
      ['deadletter-reason', amqp.string('why')],
    ]);
    fc.assert(
      fc.property(disposition, bytes => {
        const { queue, ask } = newQueue(PLAIN_MESSAGE);
        const lock = queue.receive();
        expect(ask(replaced(bytes, TOKEN, lock?.token as Buffer))).toBe(200);
        expectModified(queue, status === 'suspended' ? { DeadLetterReason: 'why' } : {});
      }),
    );
  });

  it('receives deferred messages, for good or locked', () => {
    const receive = fc.constantFrom(0, 1).chain(mode =>
      fc.tuple(
        fc.constant(mode),
        request('receive-by-sequence-number', [
          ['sequence-numbers', longs(1)],
          ['receiver-settle-mode', amqp.uint(mode)],
        ]),
      ),
    );
    fc.assert(
      fc.property(receive, ([mode, bytes]) => {
        const { queue, ask } = newQueue(PLAIN_MESSAGE);
        const lock = queue.receive();
        if (lock) queue.defer(lock);
        expect(ask(bytes)).toBe(200);
        expect(queue.lockedCount).toBe(mode);
      }),
    );
  });
});

describe('a state of a delivery in any encoding', () => {
  it.each<[string, number, amqp.Encoded, Outcome['kind']]>([
    ['accepted', 0x24, amqp.list([]), 'complete'],
    ['released', 0x26, amqp.list([]), 'release'],
    [
      'modified',
      0x27,
      amqp.list([amqp.boolean(true), amqp.boolean(false), propertiesToModify(amqp.symbol)]),
      'abandon',
    ],
    ['modified', 0x27, amqp.list([amqp.nothing, amqp.boolean(true), propertiesToModify(amqp.symbol)]), 'defer'],
    ['rejected', 0x25, amqp.list([error(propertiesToModify(amqp.symbol))]), 'deadLetter'],
    ['rejected', 0x25, amqp.list([]), 'deadLetter'],
  ])('means what it says: %s (%i)', (name, code, state, kind) => {
    const frame = disposition(amqp.described(code, `amqp:${name}:list`, state));
    fc.assert(
      fc.property(frame, bytes => {
        const { queue } = newQueue(PLAIN_MESSAGE);
        const lock = queue.receive();
        const outcome = outcomeOf(stateOf(bytes));
        expect(outcome.kind).toBe(kind);
        if (lock) settleByOutcome(queue, lock, outcome);
        if ('properties' in outcome && Object.keys(outcome.properties).length > 0) expectModified(queue, {});
      }),
    );
  });
});

describe('a frame in any encoding', () => {
  it('that is a transfer is the same', () => {
    const transfer = performative(0x14, 'transfer', [
      amqp.uint(3),
      amqp.uint(300),
      amqp.binary(Buffer.from('tag')),
      amqp.uint(BATCH_FORMAT),
      amqp.boolean(false),
      amqp.boolean(true),
    ]);
    fc.assert(
      fc.property(transfer, bytes => {
        expect(fieldsOf('transfer', bytes)).toMatchObject({
          handle: 3,
          deliveryId: 300,
          deliveryTag: Buffer.from('tag'),
          messageFormat: BATCH_FORMAT,
          settled: false,
          more: true,
        });
      }),
    );
  });

  it('that is a flow is the same', () => {
    const numbers = [0, 2048, 0, 2048, 1, 7, 300];
    const flow = performative(0x13, 'flow', [
      ...numbers.map(amqp.uint),
      amqp.nothing,
      amqp.boolean(true),
      amqp.boolean(false),
    ]);
    fc.assert(
      fc.property(flow, bytes => {
        expect(fieldsOf('flow', bytes)).toMatchObject({
          nextIncomingId: 0,
          incomingWindow: 2048,
          handle: 1,
          deliveryCount: 7,
          linkCredit: 300,
          drain: true,
          echo: false,
        });
      }),
    );
  });

  it('that attaches a link is the same', () => {
    const terminus = (code: number, name: string) =>
      amqp.described(code, `amqp:${name}:list`, amqp.list([amqp.string('q')]));
    const attach = performative(0x12, 'attach', [
      amqp.string('name'),
      amqp.uint(0),
      amqp.boolean(true),
      amqp.ubyte(1),
      amqp.ubyte(0),
      terminus(0x28, 'source'),
      terminus(0x29, 'target'),
    ]);
    fc.assert(
      fc.property(attach, bytes => {
        expect(fieldsOf('attach', bytes)).toMatchObject({
          name: 'name',
          handle: 0,
          role: true,
          sndSettleMode: 1,
          rcvSettleMode: 0,
          source: { address: 'q' },
          target: { address: 'q' },
        });
      }),
    );
  });
});

/** One property of each kind that changes its type when it is decoded and encoded again carelessly. */
function propertiesToModify(key: (name: string) => amqp.Encoded): amqp.Encoded {
  return amqp.map([
    [key('flag'), amqp.boolean(true)],
    [key('long'), amqp.long(5)],
    [key('double'), amqp.double(1)],
    [key('uuid'), amqp.uuid(Buffer.alloc(16, 7))],
    [key('ulong'), amqp.ulong(2n ** 64n - 1n)],
    [key('__proto__'), amqp.string('text')],
  ]);
}

/** The message is still there, with the properties of `propertiesToModify` and these. */
function expectModified(queue: Queue, more: object): void {
  const [message] = [...queue.peek(0, 1), ...(queue.deadLetters?.peek(0, 1) ?? [])];
  const bytes = message?.content.encode(message) as Buffer;
  const application = sectionsOf(bytes).find(({ code }) => code === 0x74);
  const entries = mapEntriesOf(bytes, application?.value ?? 0);
  const typeCodes = Object.fromEntries(entries.map(({ key, value }) => [key, bytes[value]]));
  expect([0x41, 0x56]).toContain(typeCodes.flag);
  expect([0x55, 0x81]).toContain(typeCodes.long);
  expect(typeCodes).toMatchObject({ double: 0x82, uuid: 0x98, ulong: 0x80 });
  const values = Object.fromEntries(
    entries.map(({ key, value, end }) => [key, decodeValue(bytes.subarray(value, end))]),
  );
  expect(values).toMatchObject({ flag: true, long: 5, double: 1, ulong: 2n ** 64n - 1n, ...more });
  expect(Object.getOwnPropertyDescriptor(values, '__proto__')?.value).toBe('text');
}

function messageOf(given: {
  durable: boolean;
  priority: number;
  ttl: number;
  messageId: string | number | bigint;
  scheduledAtMs: number;
  flag: boolean;
  number: number;
  body: Uint8Array;
}): amqp.Encoded {
  const { messageId } = given;
  const { nothing } = amqp;
  return amqp.joined(
    section(0x70, amqp.list([amqp.boolean(given.durable), amqp.ubyte(given.priority), amqp.uint(given.ttl)])),
    section(
      0x72,
      amqp.map([
        [amqp.symbol('x-opt-scheduled-enqueue-time'), amqp.timestamp(given.scheduledAtMs)],
        [amqp.symbol('x-opt-sequence-number'), amqp.long(666)],
        [amqp.symbol('x-opt-partition-key'), amqp.string('key')],
      ]),
    ),
    section(
      0x73,
      amqp.list([
        typeof messageId === 'string' ? amqp.string(messageId) : amqp.ulong(messageId),
        ...[nothing, nothing],
        amqp.string('subject'),
      ]),
    ),
    section(
      0x74,
      amqp.map([
        [amqp.string('flag'), amqp.boolean(given.flag)],
        [amqp.string('number'), amqp.int(given.number)],
      ]),
    ),
    section(0x75, amqp.binary(Buffer.from(given.body))),
  );
}

function section(code: number, value: amqp.Encoded): amqp.Encoded {
  return amqp.described(code, String(SECTION_NAMES[code]), value);
}

function performative(code: number, name: string, fields: readonly amqp.Encoded[]): amqp.Encoded {
  return amqp.described(code, `amqp:${name}:list`, amqp.list(fields)).map(bytes => frameOf(bytes));
}

function disposition(state: amqp.Encoded): amqp.Encoded {
  return performative(0x15, 'disposition', [
    amqp.boolean(true),
    amqp.uint(0),
    amqp.nothing,
    amqp.boolean(false),
    state,
  ]);
}

function error(info: amqp.Encoded): amqp.Encoded {
  const fields = [amqp.symbol('com.microsoft:dead-letter'), amqp.nothing, info];
  return amqp.described(0x1d, 'amqp:error:list', amqp.list(fields));
}

function request(operation: string, fields: readonly (readonly [string, amqp.Encoded])[]): amqp.Encoded {
  return amqp.joined(
    section(0x74, amqp.map([[amqp.string('operation'), amqp.string(`com.microsoft:${operation}`)]])),
    section(0x77, amqp.map(fields.map(([name, value]) => [amqp.string(name), value]))),
  );
}

/** Whole numbers as an array of longs of either width, or as a list of them. */
function longs(...values: readonly number[]): amqp.Encoded {
  const wide = values.map(value => {
    const encoded = Buffer.alloc(8);
    encoded.writeBigInt64BE(BigInt(value));
    return encoded;
  });
  return fc.oneof(
    amqp.array(0x81, wide),
    amqp.array(
      0x55,
      values.map(value => Buffer.from([value])),
    ),
    amqp.list(values.map(amqp.long)),
  );
}

/** The performative of a frame, which has to be of the kind. */
function fieldsOf<Kind extends Performative['kind']>(kind: Kind, bytes: Buffer): Extract<Performative, { kind: Kind }> {
  const { performative } = readFrame(bytes);
  if (performative?.kind !== kind) throw new Error(`it is read as ${performative?.kind}`);
  return performative as Extract<Performative, { kind: Kind }>;
}

function stateOf(bytes: Buffer): DeliveryState {
  const { state } = fieldsOf('disposition', bytes);
  if (!state) throw new Error('it is read without a state');
  return state;
}

function replaced(bytes: Buffer, placeholder: Buffer, by: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  by.copy(copy, copy.indexOf(placeholder));
  return copy;
}

function newQueue(...messages: readonly Buffer[]) {
  const entities = new Entities({ now: () => 0, settledCapacity: 0 });
  entities.put('q', defaultQueueSettings);
  const entity = entities.byName('q');
  // Nothing is due in these tests; without this an alarm would be left.
  entity.queue.events = { available() {}, due() {} };
  for (const message of messages) entity.queue.send([EncodedMessage.read(message)]);
  const ask = (bytes: Buffer): number => answerManagement(entity, new ManagementRequest(bytes)).statusCode;
  return { queue: entity.queue, ask };
}

import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Frame, readFrame } from '../amqp/frame.js';
import { EncodedMessage } from '../encoded-message.js';
import { sectionsOf } from '../encoding.js';
import { Entities } from '../entities.js';
import { Refusal } from '../errors.js';
import { answerManagement } from '../management.js';
import { Queue } from '../queue.js';
import { ManagementRequest } from '../request.js';
import { defaultQueueSettings } from '../settings.js';
import { type BrokerProcess, startBrokerProcess } from './broker-process.js';
import { fuzzing, mutated, readCorpus } from './mutation.js';
import { RawConnection } from './raw-connection.js';
import { rheaFrames, rheaNames } from './rhea-frames.js';

/*
 * Mutation fuzzing: random changes to what clients once sent, not guided by what they reach in the code. It finds what
 * is near to real traffic and says nothing about the rest. FUZZ_RUNS makes it longer, FUZZ_SEED another one.
 */

const conversations = readCorpus();
const frames = conversations.flat().filter(bytes => bytes.toString('latin1', 0, 4) !== 'AMQP');
const TIME_LIMIT_MS = 30_000 + 50 * fuzzing.numRuns;

describe('the reader of frames', () => {
  it('reads whatever comes as rhea does, or refuses it', { timeout: TIME_LIMIT_MS }, () => {
    fc.assert(
      fc.property(mutated(frames).map(withSize), bytes => {
        const ours = orRefusal(() => readFrame(bytes));
        if (ours instanceof Refusal || bytes[5] !== 0) return;
        const theirs = rheaFrames.read_frame(bytes);
        const [fields, rheas] = [fieldsOf(ours), (theirs?.performative ?? {}) as Readonly<Record<string, unknown>>];
        // A field that is left out has its default here, and none there.
        const given = Object.keys(fields).filter(name => rheas[name] != null);
        expect(pick(fields, given)).toEqual(pick(rheas, given));
        expect(ours.channel).toBe(theirs?.channel);
        expect(ours.payload).toEqual(theirs?.payload ?? Buffer.alloc(0));
      }),
      fuzzing,
    );
  });
});

describe('the reader of messages', () => {
  const messages = frames
    .map(bytes => orRefusal(() => readFrame(bytes)))
    .flatMap(frame => (frame instanceof Refusal || frame.payload.length === 0 ? [] : frame.payload));

  it('takes a message that it can hand out and change later, or refuses it', { timeout: TIME_LIMIT_MS }, () => {
    const queue = new Queue({ name: 'q', settings: defaultQueueSettings, now: () => 0, settledCapacity: 0 });
    fc.assert(
      fc.property(mutated(messages), fc.constantFrom(0, 0x80013700), (bytes, format) => {
        const read = orRefusal(() => EncodedMessage.readTransfer(bytes, format));
        if (read instanceof Refusal) return;
        queue.send(read);
        for (let lock = queue.receive(); lock; lock = queue.receive()) {
          sectionsOf(lock.message.content.encode(lock.message));
          queue.deadLetter(lock, { reason: 'r', description: 'd', properties: { n: 1 } });
          const dead = queue.deadLetters?.receiveAndDelete();
          sectionsOf(dead?.content.encode(dead) as Buffer);
        }
        expect(queue.sizeBytes).toBe(0);
      }),
      fuzzing,
    );
  });

  it('answers a request or refuses it', { timeout: TIME_LIMIT_MS }, () => {
    const entities = new Entities({ now: () => 0, settledCapacity: 0 });
    entities.put('q', defaultQueueSettings);
    fc.assert(
      fc.property(mutated(messages), bytes => {
        orRefusal(() => answerManagement(entities.byName('q'), new ManagementRequest(bytes)));
      }),
      fuzzing,
    );
    entities.close();
  });
});

describe('the broker', () => {
  let broker: BrokerProcess;
  beforeAll(async () => {
    broker = await startBrokerProcess();
  });
  afterAll(() => broker.close());

  it('outlives conversations that went wrong, and answers others meanwhile', { timeout: TIME_LIMIT_MS }, async () => {
    const before = broker.rssBytes();
    await fc.assert(
      fc.asyncProperty(brokenConversation(), async bytes => {
        const client = await RawConnection.to(broker.port);
        client.write(...bytes);
        // Its answer comes behind what the broker did with the bytes.
        await broker.stateOf('q');
        client.destroy();
      }),
      { ...fuzzing, numRuns: Math.ceil(fuzzing.numRuns / 2) },
    );
    expect(broker.rssBytes() - before).toBeLessThan(200 * 1024 ** 2);
  });
});

/** A conversation with some frames changed, left out, said twice or taken from elsewhere. */
function brokenConversation(): fc.Arbitrary<Buffer[]> {
  const step = fc.oneof(
    { weight: 8, arbitrary: fc.constant((frame: Buffer) => [frame]) },
    { weight: 2, arbitrary: mutated(frames).map(bytes => () => [withSize(bytes)]) },
    { weight: 2, arbitrary: mutated(frames).map(bytes => (frame: Buffer) => [frame, withSize(bytes)]) },
    { weight: 1, arbitrary: fc.constant((frame: Buffer) => [frame, frame]) },
    { weight: 1, arbitrary: fc.constant(() => []) },
  );
  const longest = Math.max(...conversations.map(({ length }) => length));
  return fc
    .tuple(fc.constantFrom(...conversations), fc.array(step, { minLength: longest, maxLength: longest }))
    .map(([conversation, steps]) => conversation.flatMap((frame, index) => steps[index]?.(frame) ?? []));
}

/** A frame that states its own size, as most of what gets past the first check does. */
function withSize(bytes: Buffer): Buffer {
  if (bytes.length < 8) return bytes;
  const sized = Buffer.from(bytes);
  sized.writeUInt32BE(sized.length);
  return sized;
}

/** The simple fields of a frame by the names that rhea gives them. */
function fieldsOf({ performative }: Frame): Readonly<Record<string, unknown>> {
  const fields = Object.entries(performative ?? {}).filter(
    ([name, value]) => name !== 'kind' && (typeof value !== 'object' || Buffer.isBuffer(value)),
  );
  return rheaNames(Object.fromEntries(fields));
}

function pick(fields: Readonly<Record<string, unknown>>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.map(name => [name, fields[name]]));
}

/** Anything else than a refusal would end the connection, or the process, with nobody told why. */
function orRefusal<T>(read: () => T): T | Refusal {
  try {
    return read();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

import fc from 'fast-check';
import rhea from 'rhea';
import { describe, expect, it } from 'vitest';
import { BATCH_FORMAT, EncodedMessage } from './encoded-message.js';
import { MalformedMessage } from './errors.js';
import { decodedByRhea, exampleMessage } from './example-message.js';
import type { QueueMessage } from './queue-message.js';

describe('an encoded message', () => {
  it('forwards properties, application properties, body and footer as the bytes that came', () => {
    const sent = encode({
      message_id: 'id',
      subject: 'label',
      application_properties: { text: 'é', long: rhea.types.wrap_long(2 ** 40) },
      body: rhea.message.data_section(Buffer.from('body')),
      footer: { sum: 1 },
    });
    const bare = sent.subarray(sent.indexOf(Buffer.from([0x00, 0x53, 0x73])));
    const delivered = EncodedMessage.read(sent).encode(message());
    expect(delivered.subarray(-bare.length)).toEqual(bare);
  });

  it('is read back whole by another implementation', () => {
    fc.assert(
      fc.property(
        fc.record({ message_id: fc.string({ minLength: 1 }), subject: fc.string(), body: fc.string() }),
        fc.dictionary(fc.string(), fc.string({ maxLength: 300 })),
        (fields, application_properties) => {
          const sent = encode({ ...fields, application_properties });
          const read = decodedByRhea(EncodedMessage.read(sent).encode(message()));
          expect(read).toMatchObject(fields);
          expect(read.application_properties).toEqual(rhea.message.decode(sent).application_properties);
        },
      ),
    );
  });

  it("carries the header and the annotations of this delivery, and the sender's own annotations", () => {
    const sent = encode({
      durable: true,
      priority: 7,
      ttl: 5000,
      first_acquirer: true,
      message_annotations: { 'x-opt-partition-key': 'key', 'x-opt-sequence-number': 666, 'x-opt-message-state': 2 },
      body: 'x',
    });
    const delivered = decodedByRhea(
      EncodedMessage.read(sent).encode(
        message({ deliveryCount: 3, sequenceNumber: 2 ** 33, enqueuedAtMs: 1_700_000_000_123.9, lockedUntilMs: 1e12 }),
      ),
    );
    const header = { durable: true, priority: 7, ttl: 5000, first_acquirer: false, delivery_count: 3 };
    expect(delivered).toMatchObject(header);
    expect(delivered.message_annotations).toEqual({
      'x-opt-sequence-number': 2 ** 33,
      'x-opt-enqueued-time': new Date(1_700_000_000_123),
      'x-opt-locked-until': new Date(1e12),
      'x-opt-partition-key': 'key',
    });
  });

  it.each([
    ['deferred', { wasDeferred: true }, 1],
    ['scheduled', { wasScheduled: true }, 2],
    ['scheduled and then deferred', { wasScheduled: true, wasDeferred: true }, 1],
  ])('that was %s says so while it is locked', (_what, was, number) => {
    const delivered = decodedByRhea(EncodedMessage.read(encode({ body: 'x' })).encode(message(was)));
    expect(delivered.message_annotations).toMatchObject({ 'x-opt-message-state': number });
  });

  it("carries the sender's delivery annotations, and the token of its lock among them where it is asked to", () => {
    const token = Buffer.alloc(16, 7);
    const own = { mine: 'é'.repeat(200) };
    const sent = encode({ body: 'x', delivery_annotations: { ...own, 'x-opt-lock-token': 'not mine to state' } });
    const annotationsIn = (encoded: Buffer) => decodedByRhea(encoded).delivery_annotations;
    const read = EncodedMessage.read(sent);
    expect(annotationsIn(read.encode(message(), token))).toEqual({ ...own, 'x-opt-lock-token': token });
    expect(annotationsIn(read.encode(message()))).toEqual(own);
    const plain = EncodedMessage.read(encode({ body: 'x' }));
    expect(annotationsIn(plain.encode(message(), token))).toEqual({ 'x-opt-lock-token': token });
    expect(annotationsIn(plain.encode(message()))).toBeUndefined();
  });

  it('tells its message-id as text, whatever its type', () => {
    const uuid = Buffer.from('00112233445566778899aabbccddeeff', 'hex');
    expect(EncodedMessage.read(encode({ message_id: 'é', body: 1 })).messageId).toBe('é');
    expect(EncodedMessage.read(encode({ message_id: 77, body: 1 })).messageId).toBe('77');
    expect(EncodedMessage.read(encode({ message_id: uuid, body: 1 })).messageId).toBe(uuid.toString('hex'));
  });

  it.each([
    ['properties', '005373c00501a1026964'],
    ['properties and application properties', '005373c00501a1026964005374c10702a10161a10162'],
    ['application properties', '005374c10702a10161a10162'],
    ['a header', '005370c0020141'],
  ])('may consist of %s only, without a body', (_what, hex) => {
    const read = EncodedMessage.read(Buffer.from(hex, 'hex'));
    const delivered = decodedByRhea(read.withApplicationProperties({ more: 1 }).encode(message()));
    expect(delivered).toMatchObject({ message_id: read.messageId, application_properties: { more: 1 } });
    expect(delivered.body).toBeUndefined();
  });

  it('gets a message-id when it has none, its other properties kept', () => {
    for (const fields of [{}, { subject: 'label', content_type: 'text/plain' }]) {
      const read = EncodedMessage.read(encode({ ...fields, body: 'x' }));
      expect(read.messageId).toMatch(/^[0-9a-f]{32}$/);
      expect(decodedByRhea(read.encode(message()))).toMatchObject({ ...fields, message_id: read.messageId, body: 'x' });
    }
  });

  it('tells its time to live and the time it is scheduled for', () => {
    const at = new Date('2026-01-02T03:04:05.678Z');
    const sent = encode({ ttl: 1234, message_annotations: { 'x-opt-scheduled-enqueue-time': at }, body: 'x' });
    expect(EncodedMessage.read(sent)).toMatchObject({ timeToLiveMs: 1234, scheduledAtMs: at.getTime() });
  });

  it('takes application properties, the others kept with their types', () => {
    const sent = encode({ application_properties: { keep: rhea.types.wrap_short(5), old: 'a' }, body: 'x' });
    const changed = EncodedMessage.read(sent).withApplicationProperties({ old: 'b', added: true });
    const delivered = changed.encode(message());
    expect(decodedByRhea(delivered).application_properties).toEqual({ keep: 5, old: 'b', added: true });
    expect(delivered.includes(Buffer.from([0x61, 0, 5]))).toBe(true);
    expect(changed.sizeBytes).toBeGreaterThan(sent.length);
  });

  it('takes application properties where it had none', () => {
    const changed = EncodedMessage.read(encode({ message_id: '1', body: 'x' })).withApplicationProperties({ a: 'b' });
    expect(decodedByRhea(changed.encode(message()))).toMatchObject({ application_properties: { a: 'b' }, body: 'x' });
  });

  it('is read out of a batch', () => {
    const inner = [encode({ message_id: '1', body: 'a' }), encode({ message_id: '2', body: 'b'.repeat(300) })];
    const batch = encode({ body: rhea.message.data_sections(inner) });
    expect(EncodedMessage.readTransfer(batch, BATCH_FORMAT).map(({ messageId }) => messageId)).toEqual(['1', '2']);
  });

  it('is refused, and nothing worse, when its bytes are no message', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat(), fc.nat(255), (noise, at, byte) => {
        const broken = encode({ priority: 1, message_annotations: { a: 1 }, message_id: 'id', body: 'x' });
        broken[at % broken.length] = byte;
        for (const bytes of [Buffer.from(noise), broken, broken.subarray(0, at % broken.length)]) {
          try {
            EncodedMessage.read(bytes);
          } catch (error) {
            expect(error).toBeInstanceOf(MalformedMessage);
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});

function encode(fields: object): Buffer {
  return Buffer.from(rhea.message.encode(fields));
}

function message(more: Partial<QueueMessage> = {}): QueueMessage {
  return exampleMessage(EncodedMessage.read(encode({ body: 'unused' })), more);
}

import { randomUUID } from 'node:crypto';
import { type AmqpValue, decodeValue } from './amqp-value.js';
import { described, encodeCompound, encodeValue } from './encode-value.js';
import {
  endOfValue,
  listItemsOf,
  type MapEntry,
  mapEntriesOf,
  readBytes,
  readText,
  type Section,
  sectionsOf,
  withPlainDescriptors,
} from './encoding.js';
import { MalformedMessage } from './errors.js';
import type { ApplicationProperties, MessageContent, QueueMessage } from './queue-message.js';
import {
  APPLICATION_PROPERTIES,
  DATA,
  DELIVERY_ANNOTATIONS,
  HEADER,
  MESSAGE_ANNOTATIONS,
  PROPERTIES,
} from './section-codes.js';
import { LONG, NULL, TIMESTAMP, UINT } from './type-codes.js';

/** Message format of a batch: each data section of its body is an encoded message of its own. */
export const BATCH_FORMAT = 0x80013700;

/** Annotations that the broker, or the service, states itself; a sender's own are left out. */
const BROKER_ANNOTATIONS: ReadonlySet<string> = new Set([
  'x-opt-sequence-number',
  'x-opt-enqueue-sequence-number',
  'x-opt-enqueued-time',
  'x-opt-locked-until',
  'x-opt-message-state',
  'x-opt-lock-token',
]);

/** Numbers of `x-opt-message-state`, which says what a message was before it was received; any other is sent without. */
const DEFERRED = 1;
const SCHEDULED = 2;

const SEQUENCE_NUMBER = symbolBytes('x-opt-sequence-number');
const ENQUEUED_TIME = symbolBytes('x-opt-enqueued-time');
const LOCKED_UNTIL = symbolBytes('x-opt-locked-until');
const MESSAGE_STATE = symbolBytes('x-opt-message-state');
/** Key of a lock token and the type code of its value, a UUID. */
const LOCK_TOKEN = Buffer.concat([symbolBytes('x-opt-lock-token'), Buffer.from([0x98])]);

/** Descriptor, constructor, size and count of a section that is a map. */
const MAP_HEAD_BYTES = 12;
/** Longest encoding of what `encode` adds to the sender's annotations and what follows them. */
const HEAD_SIZE_BYTES = 256;

/** Annotations of a message: how many, and their encoded keys and values. */
interface Annotations {
  readonly count: number;
  readonly content: Buffer;
}

/** What is read from a message once; its bytes from the properties on are forwarded as they came. */
interface MessageParts {
  readonly messageId: string;
  readonly sizeBytes: number;
  readonly isDurable: boolean;
  readonly priority: number;
  readonly timeToLiveMs?: number;
  readonly scheduledAtMs?: number;
  /** The sender's annotations that are passed on. */
  readonly deliveryAnnotations: Annotations;
  readonly messageAnnotations: Annotations;
  /** Properties, application properties, body and footer. */
  readonly bare: Buffer;
}

/**
 * A message in its AMQP encoding. Header and annotations are made anew for each delivery, for they belong to the
 * broker; the rest is never decoded, because decoding and encoding it again was half the broker's work.
 */
export class EncodedMessage implements MessageContent {
  readonly messageId: string;
  readonly sizeBytes: number;
  readonly timeToLiveMs?: number;
  readonly scheduledAtMs?: number;
  readonly #parts: MessageParts;

  private constructor(parts: MessageParts) {
    this.#parts = parts;
    this.messageId = parts.messageId;
    this.sizeBytes = parts.sizeBytes;
    if (parts.timeToLiveMs !== undefined) this.timeToLiveMs = parts.timeToLiveMs;
    if (parts.scheduledAtMs !== undefined) this.scheduledAtMs = parts.scheduledAtMs;
  }

  /** Reads one message; it need not have a body. A missing message-id is made up. @throws MalformedMessage */
  static read(encoded: Buffer): EncodedMessage {
    if (encoded.length === 0) throw new MalformedMessage('it has no section');
    const sections = sectionsOf(encoded);
    const plain = withPlainDescriptors(encoded, sections);
    if (plain) return EncodedMessage.read(plain);
    const { messageId, bare } = readBare(encoded, sections);
    const annotations = annotationsOf(encoded, sections, MESSAGE_ANNOTATIONS);
    return new EncodedMessage({
      ...readHeader(encoded, sections),
      ...readScheduledTime(encoded, annotations),
      deliveryAnnotations: copyAnnotations(encoded, annotationsOf(encoded, sections, DELIVERY_ANNOTATIONS)),
      messageAnnotations: copyAnnotations(encoded, annotations),
      messageId,
      bare,
      sizeBytes: encoded.length,
    });
  }

  /** Reads the messages of a transfer: one, or those of a batch. @throws MalformedMessage */
  static readTransfer(encoded: Buffer, format: number | null | undefined): EncodedMessage[] {
    if (format !== BATCH_FORMAT) return [EncodedMessage.read(encoded)];
    return sectionsOf(encoded)
      .filter(({ code }) => code === DATA)
      .map(({ value }) => EncodedMessage.read(readBytes(encoded, value)));
  }

  withApplicationProperties(properties: ApplicationProperties): EncodedMessage {
    const bare = setApplicationProperties(this.#parts.bare, properties);
    return new EncodedMessage({
      ...this.#parts,
      bare,
      sizeBytes: this.sizeBytes + bare.length - this.#parts.bare.length,
    });
  }

  encode(message: QueueMessage, lockToken?: Buffer): Buffer {
    const { deliveryAnnotations, messageAnnotations, bare } = this.#parts;
    const annotationBytes = deliveryAnnotations.content.length + messageAnnotations.content.length;
    const encoded = Buffer.allocUnsafe(HEAD_SIZE_BYTES + annotationBytes + bare.length);
    let at = this.#writeHeader(encoded, message.deliveryCount);
    at = this.#writeDeliveryAnnotations(encoded, at, lockToken);
    at = this.#writeMessageAnnotations(encoded, at, message);
    at += bare.copy(encoded, at);
    return encoded.subarray(0, at);
  }

  #writeHeader(encoded: Buffer, deliveryCount: number): number {
    const { isDurable, priority, timeToLiveMs } = this.#parts;
    encoded.set([0x00, 0x53, HEADER, 0xc0, 0, 5, isDurable ? 0x41 : 0x42, 0x50, priority]);
    let at = 9;
    if (timeToLiveMs === undefined) {
      encoded[at++] = NULL;
    } else {
      encoded[at] = UINT;
      at = encoded.writeUInt32BE(timeToLiveMs, at + 1);
    }
    // The service calls nobody the first acquirer.
    encoded[at++] = 0x42;
    encoded[at] = UINT;
    at = encoded.writeUInt32BE(deliveryCount, at + 1);
    encoded[4] = at - 5;
    return at;
  }

  /** The token is among them because the Go SDK reads it there. */
  #writeDeliveryAnnotations(encoded: Buffer, start: number, lockToken: Buffer | undefined): number {
    const { count, content } = this.#parts.deliveryAnnotations;
    if (count === 0 && !lockToken) return start;
    let at = start + MAP_HEAD_BYTES;
    if (lockToken) {
      at += LOCK_TOKEN.copy(encoded, at);
      at += lockToken.copy(encoded, at);
    }
    at += content.copy(encoded, at);
    writeMapHead(encoded, { start, end: at, code: DELIVERY_ANNOTATIONS, entries: count + (lockToken ? 1 : 0) });
    return at;
  }

  #writeMessageAnnotations(encoded: Buffer, start: number, message: QueueMessage): number {
    const { count, content } = this.#parts.messageAnnotations;
    let at = start + MAP_HEAD_BYTES;
    let entries = count + 2;
    at = writeLong(encoded, at, { key: SEQUENCE_NUMBER, type: LONG, value: message.sequenceNumber });
    at = writeLong(encoded, at, { key: ENQUEUED_TIME, type: TIMESTAMP, value: message.enqueuedAtMs });
    if (message.wasDeferred || message.wasScheduled) {
      at += MESSAGE_STATE.copy(encoded, at);
      encoded[at++] = 0x54;
      encoded[at++] = message.wasDeferred ? DEFERRED : SCHEDULED;
      entries++;
    }
    if (message.lockedUntilMs !== undefined) {
      at = writeLong(encoded, at, { key: LOCKED_UNTIL, type: TIMESTAMP, value: message.lockedUntilMs });
      entries++;
    }
    at += content.copy(encoded, at);
    writeMapHead(encoded, { start, end: at, code: MESSAGE_ANNOTATIONS, entries });
    return at;
  }
}

/** The descriptor, size and count of a section that is a map, whose entries are written already. */
function writeMapHead(encoded: Buffer, map: { start: number; end: number; code: number; entries: number }): void {
  encoded.set([0x00, 0x53, map.code, 0xd1], map.start);
  encoded.writeUInt32BE(map.end - map.start - 8, map.start + 4);
  encoded.writeUInt32BE(2 * map.entries, map.start + 8);
}

function writeLong(encoded: Buffer, at: number, annotation: { key: Buffer; type: number; value: number }): number {
  const value = Math.trunc(annotation.value);
  let end = at + annotation.key.copy(encoded, at);
  encoded[end] = annotation.type;
  end = encoded.writeUInt32BE(Math.floor(value / 2 ** 32), end + 1);
  return encoded.writeUInt32BE(value % 2 ** 32, end);
}

function symbolBytes(symbol: string): Buffer {
  return Buffer.concat([Buffer.from([0xa3, symbol.length]), Buffer.from(symbol, 'ascii')]);
}

function readHeader(
  encoded: Buffer,
  sections: readonly Section[],
): Pick<MessageParts, 'isDurable' | 'priority' | 'timeToLiveMs'> {
  const section = sections.find(({ code }) => code === HEADER);
  const [durable, priority, ttl] = section
    ? listItemsOf(encoded, section.value).map(({ start, end }) => decodeValue(encoded.subarray(start, end)))
    : [];
  return {
    isDurable: durable === true,
    priority: priority == null ? 4 : readWhole('priority', priority, 0xff),
    ...(ttl == null ? {} : { timeToLiveMs: readWhole('ttl', ttl, 0xffff_ffff) }),
  };
}

function readWhole(field: string, value: AmqpValue, most: number): number {
  if (Number.isInteger(value) && (value as number) >= 0 && (value as number) <= most) return value as number;
  throw new MalformedMessage(`its header's ${field} is no whole number from 0 to ${most}`);
}

/** The sender's annotations in a section, without those that are not its to state. */
function annotationsOf(encoded: Buffer, sections: readonly Section[], code: number): MapEntry[] {
  const section = sections.find(each => each.code === code);
  const entries = section ? mapEntriesOf(encoded, section.value) : [];
  return entries.filter(({ key }) => key === undefined || !BROKER_ANNOTATIONS.has(key));
}

function readScheduledTime(encoded: Buffer, entries: readonly MapEntry[]): Pick<MessageParts, 'scheduledAtMs'> {
  const scheduled = entries.find(({ key }) => key === 'x-opt-scheduled-enqueue-time');
  return scheduled && encoded[scheduled.value] === TIMESTAMP
    ? { scheduledAtMs: Number(encoded.readBigInt64BE(scheduled.value + 1)) }
    : {};
}

function copyAnnotations(encoded: Buffer, entries: readonly MapEntry[]): Annotations {
  return {
    count: entries.length,
    content: Buffer.concat(entries.map(({ start, end }) => encoded.subarray(start, end))),
  };
}

/** What follows the annotations, copied, so that no message holds on to the chunk that it came in. */
function readBare(encoded: Buffer, sections: readonly Section[]): { messageId: string; bare: Buffer } {
  const properties = sections.find(({ code }) => code === PROPERTIES);
  const rest = sections.find(({ code }) => code > PROPERTIES);
  // They are read when some are added, on dead-lettering at the latest; that must not fail then.
  const application = sections.find(({ code }) => code === APPLICATION_PROPERTIES);
  if (application) mapEntriesOf(encoded, application.value);
  const fields = properties ? listItemsOf(encoded, properties.value) : [];
  const [id] = fields;
  if (properties && id && encoded[id.start] !== NULL) {
    return { messageId: readMessageId(encoded, id.start), bare: Buffer.from(encoded.subarray(properties.start)) };
  }
  // The SDKs renew locks by message-id, so that every message needs one.
  const messageId = randomUUID().replaceAll('-', '');
  const written = [encodeValue(messageId), ...fields.slice(1).map(({ start, end }) => encoded.subarray(start, end))];
  const list = described(PROPERTIES, encodeCompound(0xd0, Buffer.concat(written), written.length));
  return {
    messageId,
    bare: Buffer.concat([list.bytes, encoded.subarray(properties?.end ?? rest?.start ?? encoded.length)]),
  };
}

/** The first field of the properties as text, whatever its type. */
function readMessageId(encoded: Buffer, start: number): string {
  if (encoded[start] === 0xa1 || encoded[start] === 0xb1) return readText(encoded, start);
  const value = decodeValue(encoded.subarray(start, endOfValue(encoded, start)));
  return Buffer.isBuffer(value) ? value.toString('hex') : String(value);
}

/** A bare message with application properties set; those not named stay the bytes that they were. */
function setApplicationProperties(bare: Buffer, properties: ApplicationProperties): Buffer {
  const sections = sectionsOf(bare);
  const old = sections.find(({ code }) => code === APPLICATION_PROPERTIES);
  const next = sections.find(({ code }) => code > APPLICATION_PROPERTIES);
  const start = old?.start ?? next?.start ?? bare.length;
  const kept = old
    ? mapEntriesOf(bare, old.value).filter(({ key }) => key === undefined || !Object.hasOwn(properties, key))
    : [];
  const set = Object.entries(properties);
  const content = Buffer.concat([
    ...kept.map(entry => bare.subarray(entry.start, entry.end)),
    ...set.flatMap(([key, value]) => [encodeValue(key), encodeValue(value)]),
  ]);
  const count = 2 * (kept.length + set.length);
  const map = described(APPLICATION_PROPERTIES, encodeCompound(0xd1, content, count));
  return Buffer.concat([bare.subarray(0, start), map.bytes, bare.subarray(old?.end ?? start)]);
}

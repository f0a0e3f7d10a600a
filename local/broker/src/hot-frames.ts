import { createRequire } from 'node:module';
import rhea from 'rhea';
import { checkFrame } from './well-formed.js';

/*
 * The three kinds of AMQP frame that each order takes many times: transfer, disposition and flow (AMQP 1.0, part 2,
 * section 2.7). rhea makes an object of each field of a frame; that was a third of the broker's work. What is not of
 * the plain kind that daprd and the SDKs send (another frame, another type of field, an outcome other than accepted)
 * is left to rhea.
 */

/** A frame as rhea's transport, sessions and links know it. */
export interface Frame {
  readonly size?: number;
  readonly type: number;
  readonly channel: number;
  readonly performative?: unknown;
  readonly payload?: Buffer;
}

/** Fields of an outgoing transfer as rhea's sessions give them. */
export interface TransferFields {
  readonly handle: number;
  readonly delivery_id: number;
  readonly delivery_tag: Buffer;
  readonly message_format: number;
  readonly settled: boolean;
  readonly more: boolean;
}

/** Fields of an outgoing disposition as rhea's sessions give them. */
export interface DispositionFields {
  readonly role: boolean;
  readonly first: number;
  readonly last: number;
  readonly settled: boolean;
  readonly state?: unknown;
}

/** What is replaced of rhea's module `frames`; rhea calls these functions as properties of that module. */
export interface FrameCodec {
  read_frame(encoded: Buffer): Frame | null;
  write_frame(frame: Frame): Buffer;
  transfer(fields: TransferFields): object;
  disposition(fields: DispositionFields): object;
}

const rheaFrames = createRequire(import.meta.url)('rhea/lib/frames.js') as FrameCodec;

/** rhea's own functions. */
export const rheaCodec: Readonly<FrameCodec> = { ...rheaFrames };

/** The functions of this file: they take and give what rhea's do. */
export const hotCodec: Readonly<FrameCodec> = {
  read_frame: encoded => readHotFrame(encoded) ?? rheaCodec.read_frame(checkFrame(encoded)),
  write_frame: frame =>
    frame.performative instanceof HotPerformative
      ? frame.performative.write(frame.channel, frame.payload)
      : rheaCodec.write_frame(frame),
  transfer: fields =>
    fields.delivery_tag.length <= LONGEST_TAG_BYTES ? new OutgoingTransfer(fields) : rheaCodec.transfer(fields),
  disposition: fields => (fields.state === ACCEPTED ? new OutgoingDisposition(fields) : rheaCodec.disposition(fields)),
};

/** rhea's state of an accepted delivery. One object does for all deliveries, for nobody changes it. */
export const ACCEPTED: unknown = (rhea.message as unknown as { accepted(): { described(): unknown } })
  .accepted()
  .described();

/** Makes rhea use the functions of this file, in the whole process. */
export function replaceHotFrames(): void {
  Object.assign(rheaFrames, hotCodec);
}

const AMQP_FRAME = 0;
const HEADER_SIZE_BYTES = 8;
const FLOW = 0x13;
const TRANSFER = 0x14;
const DISPOSITION = 0x15;
const ACCEPTED_OUTCOME = 0x24;
/** By the definition of `delivery-tag`. */
const LONGEST_TAG_BYTES = 32;

const DESCRIBED = 0x00;
const NULL = 0x40;
const TRUE = 0x41;
const FALSE = 0x42;
const UINT_0 = 0x43;
const LIST_0 = 0x45;
const SMALL_UINT = 0x52;
const SMALL_ULONG = 0x53;
const UINT = 0x70;
const BINARY_8 = 0xa0;
const LIST_8 = 0xc0;
const LIST_32 = 0xd0;

/** A performative that this file writes. */
export abstract class HotPerformative {
  /** The whole frame. */
  abstract write(channel: number, payload: Buffer | undefined): Buffer;
}

class OutgoingTransfer extends HotPerformative {
  readonly #fields: TransferFields;

  constructor(fields: TransferFields) {
    super();
    this.#fields = fields;
  }

  write(channel: number, payload: Buffer | undefined): Buffer {
    const { handle, delivery_id, delivery_tag, message_format, settled, more } = this.#fields;
    const payloadAt = HEADER_SIZE_BYTES + 25 + delivery_tag.length;
    const encoded = Buffer.allocUnsafe(payloadAt + (payload?.length ?? 0));
    let at = writeHead(encoded, { channel, descriptor: TRANSFER, count: 6, endsAt: payloadAt });
    at = writeUint(encoded, at, handle);
    at = writeUint(encoded, at, delivery_id);
    encoded[at] = BINARY_8;
    encoded[at + 1] = delivery_tag.length;
    at += 2 + delivery_tag.copy(encoded, at + 2);
    at = writeUint(encoded, at, message_format);
    encoded[at] = settled ? TRUE : FALSE;
    encoded[at + 1] = more ? TRUE : FALSE;
    payload?.copy(encoded, payloadAt);
    return encoded;
  }
}

/** One that says accepted. */
class OutgoingDisposition extends HotPerformative {
  readonly #fields: DispositionFields;

  constructor(fields: DispositionFields) {
    super();
    this.#fields = fields;
  }

  write(channel: number): Buffer {
    const { role, first, last, settled } = this.#fields;
    const encoded = Buffer.allocUnsafe(HEADER_SIZE_BYTES + 22);
    let at = writeHead(encoded, { channel, descriptor: DISPOSITION, count: 5, endsAt: encoded.length });
    encoded[at] = role ? TRUE : FALSE;
    at = writeUint(encoded, at + 1, first);
    at = writeUint(encoded, at, last);
    encoded[at] = settled ? TRUE : FALSE;
    encoded[at + 1] = DESCRIBED;
    encoded[at + 2] = SMALL_ULONG;
    encoded[at + 3] = ACCEPTED_OUTCOME;
    encoded[at + 4] = LIST_0;
    return encoded;
  }
}

/** Writes all that comes before the fields. @returns where the fields begin. */
function writeHead(
  encoded: Buffer,
  head: { readonly channel: number; readonly descriptor: number; readonly count: number; readonly endsAt: number },
): number {
  encoded.writeUInt32BE(encoded.length, 0);
  encoded[4] = 2;
  encoded[5] = AMQP_FRAME;
  encoded.writeUInt16BE(head.channel, 6);
  encoded[8] = DESCRIBED;
  encoded[9] = SMALL_ULONG;
  encoded[10] = head.descriptor;
  encoded[11] = LIST_8;
  encoded[12] = head.endsAt - 13;
  encoded[13] = head.count;
  return 14;
}

function writeUint(encoded: Buffer, at: number, value: number): number {
  encoded[at] = UINT;
  return encoded.writeUInt32BE(value, at + 1);
}

/** The link and session of rhea that a frame goes to. */
interface FrameTarget {
  on_flow(frame: Frame): void;
  on_transfer(frame: Frame): void;
  on_disposition(frame: Frame): void;
}

class IncomingFlow {
  next_incoming_id: unknown;
  incoming_window: unknown;
  next_outgoing_id: unknown;
  outgoing_window: unknown;
  handle: unknown;
  delivery_count: unknown;
  link_credit: unknown;
  available: unknown;
  drain: unknown;
  echo: unknown;
  properties: unknown;

  constructor(fields: FieldReader) {
    this.next_incoming_id = fields.next();
    this.incoming_window = fields.next();
    this.next_outgoing_id = fields.next();
    this.outgoing_window = fields.next();
    this.handle = fields.next();
    this.delivery_count = fields.next();
    this.link_credit = fields.next();
    this.available = fields.next();
    this.drain = fields.next();
    this.echo = fields.next();
    this.properties = fields.next();
  }

  dispatch(target: FrameTarget, frame: Frame): void {
    target.on_flow(frame);
  }
}

class IncomingTransfer {
  handle: unknown;
  delivery_id: unknown;
  delivery_tag: unknown;
  message_format: unknown;
  settled: unknown;
  more: unknown;
  rcv_settle_mode: unknown;
  state: unknown;
  resume: unknown;
  aborted: unknown;
  batchable: unknown;

  constructor(fields: FieldReader) {
    this.handle = fields.next();
    this.delivery_id = fields.next();
    this.delivery_tag = fields.next();
    this.message_format = fields.next();
    this.settled = fields.next();
    this.more = fields.next();
    this.rcv_settle_mode = fields.next();
    this.state = fields.next();
    this.resume = fields.next();
    this.aborted = fields.next();
    this.batchable = fields.next();
  }

  dispatch(target: FrameTarget, frame: Frame): void {
    target.on_transfer(frame);
  }
}

class IncomingDisposition {
  role: unknown;
  first: unknown;
  last: unknown;
  settled: unknown;
  state: unknown;
  batchable: unknown;

  constructor(fields: FieldReader) {
    this.role = fields.next();
    this.first = fields.next();
    this.last = fields.next();
    this.settled = fields.next();
    this.state = fields.nextOutcome();
    this.batchable = fields.next();
  }

  dispatch(target: FrameTarget, frame: Frame): void {
    target.on_disposition(frame);
  }
}

/** Reads a frame of the plain kind; undefined when it is of another, however little. */
function readHotFrame(encoded: Buffer): Frame | undefined {
  // An AMQP frame without an extended header, and a descriptor in its shortest form.
  if (encoded.length < 14 || encoded[4] !== 2 || encoded[5] !== AMQP_FRAME) return;
  if (encoded[8] !== DESCRIBED || encoded[9] !== SMALL_ULONG || encoded.readUInt32BE(0) !== encoded.length) return;
  const descriptor = encoded[10];
  if (descriptor !== TRANSFER && descriptor !== DISPOSITION && descriptor !== FLOW) return;
  const fields = new FieldReader(encoded, 11);
  const performative =
    descriptor === TRANSFER
      ? new IncomingTransfer(fields)
      : descriptor === DISPOSITION
        ? new IncomingDisposition(fields)
        : new IncomingFlow(fields);
  if (!fields.isDone) return;
  const frame = { size: encoded.length, type: AMQP_FRAME, channel: encoded.readUInt16BE(6), performative };
  return fields.end === encoded.length ? frame : { ...frame, payload: encoded.subarray(fields.end) };
}

/** Reads the fields of a list one by one, as long as they are plain. A field is null or left out at the end. */
class FieldReader {
  /** Where the list ends. */
  readonly end: number;
  readonly #encoded: Buffer;
  #at: number;
  #left: number;
  #isPlain = true;

  /** `start` is where the constructor of the list is. */
  constructor(encoded: Buffer, start: number) {
    this.#encoded = encoded;
    if (encoded[start] === LIST_8) {
      this.end = start + 2 + encoded.readUInt8(start + 1);
      this.#left = encoded.readUInt8(start + 2);
      this.#at = start + 3;
    } else if (encoded[start] === LIST_32 && start + 9 <= encoded.length) {
      this.end = start + 5 + encoded.readUInt32BE(start + 1);
      this.#left = encoded.readUInt32BE(start + 5);
      this.#at = start + 9;
    } else {
      this.end = start;
      this.#left = 0;
      this.#at = start;
      this.#isPlain = false;
    }
    if (this.end > encoded.length) this.#isPlain = false;
  }

  /** Whether all fields were read, up to the end of the list, and were plain. */
  get isDone(): boolean {
    return this.#isPlain && this.#left === 0 && this.#at === this.end;
  }

  /** A flag, a whole number, bytes, null, or undefined for a field that is left out. */
  next(): boolean | number | Buffer | null | undefined {
    if (this.#left === 0 || !this.#isPlain) return;
    this.#left--;
    const at = this.#at;
    const encoded = this.#encoded;
    switch (encoded[at]) {
      case NULL:
        this.#at = at + 1;
        return null;
      case TRUE:
        this.#at = at + 1;
        return true;
      case FALSE:
        this.#at = at + 1;
        return false;
      case UINT_0:
        this.#at = at + 1;
        return 0;
      case SMALL_UINT:
        this.#at = at + 2;
        return encoded[at + 1];
      case UINT:
        this.#at = at + 5;
        if (this.#at <= this.end) return encoded.readUInt32BE(at + 1);
        break;
      case BINARY_8:
        this.#at = at + 2 + (encoded[at + 1] ?? 0);
        return encoded.subarray(at + 2, this.#at);
    }
    this.#isPlain = false;
    return;
  }

  /** The outcome accepted, null, or undefined. */
  nextOutcome(): unknown {
    const at = this.#at;
    if (this.#left === 0 || this.#encoded[at] !== DESCRIBED) return this.next();
    this.#left--;
    this.#isPlain &&=
      this.#encoded[at + 1] === SMALL_ULONG &&
      this.#encoded[at + 2] === ACCEPTED_OUTCOME &&
      this.#encoded[at + 3] === LIST_0;
    this.#at = at + 4;
    return ACCEPTED;
  }
}

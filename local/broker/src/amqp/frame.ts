import { described, type Encodable, uint } from '../encode-value.js';
import { EncodedValue } from '../encoded-value.js';
import { DESCRIPTORS, type DescriptorName, readDescriptor } from '../encoding.js';
import { MalformedMessage } from '../errors.js';
import { FieldReader } from './field-reader.js';
import { type Performative, readPerformative } from './performative.js';

/** The header of a frame, bytes: its size, where its body begins, its type and its channel. */
const FRAME_HEADER_SIZE_BYTES = 8;

const AMQP_TYPE = 0;
const SASL_TYPE = 1;
/** What a transfer takes besides its tag and its payload, bytes. */
export const TRANSFER_HEAD_SIZE_BYTES = FRAME_HEADER_SIZE_BYTES + 21;

/** A frame as a client sent it; one without performative only says that the client is there. */
export interface Frame {
  readonly channel: number;
  readonly performative: Performative | undefined;
  readonly payload: Buffer;
}

const NO_BYTES = Buffer.alloc(0);
/** With a longer state the fields of a disposition need a longer list. */
const LONGEST_STATE_BYTES = 200;

/** Reads one whole frame. @throws MalformedMessage */
export function readFrame(encoded: Buffer): Frame {
  if (encoded.length < FRAME_HEADER_SIZE_BYTES) throw new MalformedMessage('a frame is smaller than its own header');
  const body = 4 * encoded.readUInt8(4);
  if (body < FRAME_HEADER_SIZE_BYTES || body > encoded.length) {
    throw new MalformedMessage(`the body of a frame of ${encoded.length} bytes begins at byte ${body}`);
  }
  const channel = encoded.readUInt16BE(6);
  if (body === encoded.length) return { channel, performative: undefined, payload: NO_BYTES };
  const { code, value } = readDescriptor(encoded, body);
  const fields = new FieldReader(encoded, value);
  return { channel, performative: readPerformative(code, fields), payload: encoded.subarray(fields.end) };
}

/** Encodes a frame from the name and the fields of its performative. */
export function encodeFrame(channel: number, name: DescriptorName, fields: readonly Encodable[]): Buffer {
  const type = name.startsWith('sasl-') ? SASL_TYPE : AMQP_TYPE;
  return withHeader(type, channel, described(DESCRIPTORS[name], fields).bytes);
}

/** A frame that says only that the broker is there. */
export const HEARTBEAT: Buffer = withHeader(AMQP_TYPE, 0, NO_BYTES);

/** Encodes a frame that each order takes many times: no object is made for each of its fields. */
export function encodeTransfer(
  channel: number,
  transfer: {
    readonly handle: number;
    readonly deliveryId: number;
    readonly tag: Buffer;
    readonly isSettled: boolean;
    readonly more: boolean;
  },
  payload: Buffer,
): Buffer {
  const { handle, deliveryId, tag, isSettled, more } = transfer;
  const payloadAt = TRANSFER_HEAD_SIZE_BYTES + tag.length;
  const encoded = Buffer.allocUnsafe(payloadAt + payload.length);
  let at = writeHead(encoded, { channel, code: DESCRIPTORS.transfer, count: 6, endsAt: payloadAt });
  at = writeUint(encoded, at, handle);
  at = writeUint(encoded, at, deliveryId);
  encoded[at] = 0xa0;
  encoded[at + 1] = tag.length;
  at += 2 + tag.copy(encoded, at + 2);
  // Message format 0.
  encoded[at] = 0x43;
  encoded[at + 1] = isSettled ? 0x41 : 0x42;
  encoded[at + 2] = more ? 0x41 : 0x42;
  payload.copy(encoded, payloadAt);
  return encoded;
}

/** Encodes what settles one delivery, another such frame. `state` is encoded. */
export function encodeDisposition(
  channel: number,
  { role, deliveryId, state }: { readonly role: boolean; readonly deliveryId: number; readonly state: Buffer },
): Buffer {
  const stateAt = FRAME_HEADER_SIZE_BYTES + 18;
  if (state.length > LONGEST_STATE_BYTES) {
    const id = uint(deliveryId);
    return encodeFrame(channel, 'disposition', [role, id, id, true, new EncodedValue(state)]);
  }
  const encoded = Buffer.allocUnsafe(stateAt + state.length);
  let at = writeHead(encoded, { channel, code: DESCRIPTORS.disposition, count: 5, endsAt: encoded.length });
  encoded[at] = role ? 0x41 : 0x42;
  at = writeUint(encoded, at + 1, deliveryId);
  at = writeUint(encoded, at, deliveryId);
  encoded[at] = 0x41;
  state.copy(encoded, stateAt);
  return encoded;
}

function withHeader(type: number, channel: number, body: Buffer): Buffer {
  const encoded = Buffer.allocUnsafe(FRAME_HEADER_SIZE_BYTES + body.length);
  body.copy(encoded, FRAME_HEADER_SIZE_BYTES);
  return writeHeader(encoded, type, channel);
}

function writeHeader(encoded: Buffer, type: number, channel: number): Buffer {
  encoded.writeUInt32BE(encoded.length, 0);
  encoded[4] = 2;
  encoded[5] = type;
  encoded.writeUInt16BE(channel, 6);
  return encoded;
}

/** Writes all that comes before the fields. @returns where the fields begin. */
function writeHead(
  encoded: Buffer,
  head: { readonly channel: number; readonly code: number; readonly count: number; readonly endsAt: number },
): number {
  writeHeader(encoded, AMQP_TYPE, head.channel);
  encoded[8] = 0x00;
  encoded[9] = 0x53;
  encoded[10] = head.code;
  encoded[11] = 0xc0;
  encoded[12] = head.endsAt - 13;
  encoded[13] = head.count;
  return 14;
}

function writeUint(encoded: Buffer, at: number, value: number): number {
  encoded[at] = 0x70;
  return encoded.writeUInt32BE(value, at + 1);
}

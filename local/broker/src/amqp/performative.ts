import { listItemsOf, mapEntriesOf, readDescriptor } from '../encoding.js';
import { MalformedMessage } from '../errors.js';
import { type ClientError, readError } from './amqp-error.js';
import { ACCEPTED, ACCEPTED_CODE, type DeliveryState, readDeliveryState } from './delivery-state.js';
import { FieldReader } from './field-reader.js';

/*
 * What peers say to each other (AMQP 1.0, part 2, section 2.7), with the names of the specification; of each only the
 * fields that the broker needs.
 */

/** Descriptors of performatives. */
export const OPEN = 0x10;
export const BEGIN = 0x11;
export const ATTACH = 0x12;
export const FLOW = 0x13;
export const TRANSFER = 0x14;
export const DISPOSITION = 0x15;
export const DETACH = 0x16;
export const END = 0x17;
export const CLOSE = 0x18;
/** Descriptors of the ends of a link. */
export const SOURCE = 0x28;
export const TARGET = 0x29;
export const SASL_MECHANISMS = 0x40;
export const SASL_INIT = 0x41;
export const SASL_OUTCOME = 0x44;

export interface Open {
  readonly kind: 'open';
  /** Bytes. */
  readonly maxFrameSize: number | undefined;
  /** Milliseconds. */
  readonly idleTimeOut: number | undefined;
}

export interface Begin {
  readonly kind: 'begin';
  readonly nextOutgoingId: number;
  readonly incomingWindow: number;
}

export interface Attach {
  readonly kind: 'attach';
  readonly name: string;
  readonly handle: number;
  /** True where the client receives. */
  readonly role: boolean;
  readonly sndSettleMode: number;
  readonly rcvSettleMode: number;
  readonly source: Terminus;
  readonly target: Terminus;
  readonly initialDeliveryCount: number;
}

/** One end of a link. */
export interface Terminus {
  /** Undefined where it has none, or is another thing than a source or target. */
  readonly address: string | undefined;
  /** Names of the filters of a source. */
  readonly filters: readonly string[];
}

export interface Flow {
  readonly kind: 'flow';
  readonly nextIncomingId: number | undefined;
  readonly incomingWindow: number;
  /** Undefined where it is of the session only. */
  readonly handle: number | undefined;
  readonly deliveryCount: number;
  readonly linkCredit: number;
  readonly drain: boolean;
  readonly echo: boolean;
}

export interface Transfer {
  readonly kind: 'transfer';
  readonly handle: number;
  readonly deliveryId: number | undefined;
  readonly deliveryTag: Buffer | undefined;
  readonly messageFormat: number;
  readonly settled: boolean;
  readonly more: boolean;
  readonly aborted: boolean;
}

export interface Disposition {
  readonly kind: 'disposition';
  /** True where the client is the receiver. */
  readonly role: boolean;
  readonly first: number;
  readonly last: number;
  readonly settled: boolean;
  readonly state: DeliveryState | undefined;
}

export interface Detach {
  readonly kind: 'detach';
  readonly handle: number;
  readonly closed: boolean;
  readonly error: ClientError | undefined;
}

export interface End {
  readonly kind: 'end' | 'close';
  readonly error: ClientError | undefined;
}

export interface SaslInit {
  readonly kind: 'sasl-init';
  readonly mechanism: string | undefined;
}

export type Performative = Open | Begin | Attach | Flow | Transfer | Disposition | Detach | End | SaslInit;

/** Reads the fields of the performative with a descriptor. @throws MalformedMessage */
export function readPerformative(code: number, fields: FieldReader): Performative {
  const performative = readFields(code, fields);
  fields.finish();
  return performative;
}

function readFields(code: number, fields: FieldReader): Performative {
  switch (code) {
    case TRANSFER:
      return readTransfer(fields);
    case DISPOSITION:
      return readDisposition(fields);
    case FLOW:
      return readFlow(fields);
    case OPEN:
      return readOpen(fields);
    case BEGIN:
      return readBegin(fields);
    case ATTACH:
      return readAttach(fields);
    case DETACH:
      return {
        kind: 'detach',
        handle: fields.requiredUint('handle'),
        closed: fields.flag('closed'),
        error: readErrorField(fields),
      };
    case END:
      return { kind: 'end', error: readErrorField(fields) };
    case CLOSE:
      return { kind: 'close', error: readErrorField(fields) };
    case SASL_INIT:
      return { kind: 'sasl-init', mechanism: fields.text('mechanism') };
    default:
      throw new MalformedMessage(`the broker knows no performative ${code}`);
  }
}

function readOpen(fields: FieldReader): Open {
  // The names of the container and the host.
  fields.encoded();
  fields.encoded();
  const maxFrameSize = fields.uint('max-frame-size');
  fields.uint('channel-max');
  return { kind: 'open', maxFrameSize, idleTimeOut: fields.uint('idle-time-out') };
}

function readBegin(fields: FieldReader): Begin {
  fields.uint('remote-channel');
  const nextOutgoingId = fields.uint('next-outgoing-id') ?? 0;
  return { kind: 'begin', nextOutgoingId, incomingWindow: fields.uint('incoming-window') ?? 0 };
}

function readAttach(fields: FieldReader): Attach {
  const name = fields.text('name');
  if (name === undefined) throw new MalformedMessage('the name of a link is missing');
  const handle = fields.requiredUint('handle');
  const role = fields.flag('role');
  const sndSettleMode = fields.uint('snd-settle-mode') ?? 2;
  const rcvSettleMode = fields.uint('rcv-settle-mode') ?? 0;
  const source = readTerminus(fields.encoded(), SOURCE);
  const target = readTerminus(fields.encoded(), TARGET);
  // Unsettled deliveries of a link that was there before, and whether they are all.
  fields.encoded();
  fields.encoded();
  const initialDeliveryCount = fields.uint('initial-delivery-count') ?? 0;
  return { kind: 'attach', name, handle, role, sndSettleMode, rcvSettleMode, source, target, initialDeliveryCount };
}

/** Where the filters are in a source. */
const FILTER = 7;
const NULL = 0x40;

function readTerminus(encoded: Buffer | undefined, kind: typeof SOURCE | typeof TARGET): Terminus {
  const none = { address: undefined, filters: [] };
  if (!encoded) return none;
  const { code, value } = readDescriptor(encoded, 0);
  if (code !== kind) return none;
  const fields = new FieldReader(encoded, value);
  const filter = kind === SOURCE ? listItemsOf(encoded, value)[FILTER] : undefined;
  const filters = filter && encoded[filter.start] !== NULL ? mapEntriesOf(encoded, filter.start) : [];
  return { address: fields.text('address'), filters: filters.flatMap(({ key }) => key ?? []) };
}

function readFlow(fields: FieldReader): Flow {
  const nextIncomingId = fields.uint('next-incoming-id');
  const incomingWindow = fields.uint('incoming-window') ?? 0;
  fields.uint('next-outgoing-id');
  fields.uint('outgoing-window');
  const handle = fields.uint('handle');
  // What is left out counts from the start.
  const deliveryCount = fields.uint('delivery-count') ?? 0;
  const linkCredit = fields.uint('link-credit') ?? 0;
  fields.uint('available');
  const drain = fields.flag('drain');
  return {
    kind: 'flow',
    nextIncomingId,
    incomingWindow,
    handle,
    deliveryCount,
    linkCredit,
    drain,
    echo: fields.flag('echo'),
  };
}

function readTransfer(fields: FieldReader): Transfer {
  const handle = fields.requiredUint('handle');
  const deliveryId = fields.uint('delivery-id');
  const deliveryTag = fields.bytes('delivery-tag');
  const messageFormat = fields.uint('message-format') ?? 0;
  const settled = fields.flag('settled');
  const more = fields.flag('more');
  fields.encoded();
  fields.encoded();
  fields.flag('resume');
  const aborted = fields.flag('aborted');
  return { kind: 'transfer', handle, deliveryId, deliveryTag, messageFormat, settled, more, aborted };
}

function readDisposition(fields: FieldReader): Disposition {
  const role = fields.flag('role');
  const first = fields.requiredUint('first');
  const last = fields.uint('last') ?? first;
  const settled = fields.flag('settled');
  return { kind: 'disposition', role, first, last, settled, state: readStateField(fields) };
}

function readStateField(fields: FieldReader): DeliveryState | undefined {
  const state = fields.encoded();
  if (!state) return;
  // As nearly every client says it.
  if (state[1] === 0x53 && state[2] === ACCEPTED_CODE && state[3] === 0x45) return ACCEPTED;
  return readDeliveryState(state);
}

function readErrorField(fields: FieldReader): ClientError | undefined {
  const error = fields.encoded();
  return error && readError(error);
}

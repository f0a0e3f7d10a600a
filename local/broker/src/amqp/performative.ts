import { DESCRIPTORS, listItemsOf, mapEntriesOf, readDescriptor } from '../encoding.js';
import { MalformedMessage } from '../errors.js';
import { NULL } from '../type-codes.js';
import { type ClientError, readError } from './amqp-error.js';
import { ACCEPTED, type DeliveryState, ENCODED_ACCEPTED, readDeliveryState } from './delivery-state.js';
import { FieldReader } from './field-reader.js';

/*
 * What peers say to each other (AMQP 1.0, part 2, section 2.7), with the names of the specification. The fields are read
 * in its order; the last ones, which the broker does not need, are left out.
 */

/** Any of them. */
export type Performative = Open | Begin | Attach | Flow | Transfer | Disposition | Detach | End | SaslInit;
/** Opens the connection. */
export type Open = ReturnType<typeof readOpen>;
/** Begins a session. */
export type Begin = ReturnType<typeof readBegin>;
/** Attaches a link. */
export type Attach = ReturnType<typeof readAttach>;
/** Changes the windows of a session and the credit of a link. */
export type Flow = ReturnType<typeof readFlow>;
/** One frame of a message. */
export type Transfer = ReturnType<typeof readTransfer>;
/** Says what became of deliveries. */
export type Disposition = ReturnType<typeof readDisposition>;
/** Detaches a link, or closes it. */
export type Detach = ReturnType<typeof readDetach>;
/** Ends a session, or closes the connection. */
export type End = ReturnType<typeof readEnd>;
/** Chooses a SASL mechanism. */
export type SaslInit = ReturnType<typeof readSaslInit>;

/** Reads the fields of the performative with a descriptor. @throws MalformedMessage */
export function readPerformative(code: number, fields: FieldReader): Performative {
  const performative = readFields(code, fields);
  fields.finish();
  return performative;
}

function readFields(code: number, fields: FieldReader): Performative {
  switch (code) {
    case DESCRIPTORS.transfer:
      return readTransfer(fields);
    case DESCRIPTORS.disposition:
      return readDisposition(fields);
    case DESCRIPTORS.flow:
      return readFlow(fields);
    case DESCRIPTORS.open:
      return readOpen(fields);
    case DESCRIPTORS.begin:
      return readBegin(fields);
    case DESCRIPTORS.attach:
      return readAttach(fields);
    case DESCRIPTORS.detach:
      return readDetach(fields);
    case DESCRIPTORS.end:
      return readEnd('end', fields);
    case DESCRIPTORS.close:
      return readEnd('close', fields);
    case DESCRIPTORS['sasl-init']:
      return readSaslInit(fields);
    default:
      throw new MalformedMessage(`the broker knows no performative ${code}`);
  }
}

function readOpen(fields: FieldReader) {
  return {
    kind: 'open' as const,
    containerId: fields.text('container-id'),
    hostname: fields.text('hostname'),
    /** Bytes. */
    maxFrameSize: fields.uint('max-frame-size'),
    channelMax: fields.uint('channel-max'),
    /** Milliseconds. */
    idleTimeOut: fields.uint('idle-time-out'),
  };
}

function readBegin(fields: FieldReader) {
  return {
    kind: 'begin' as const,
    remoteChannel: fields.uint('remote-channel'),
    nextOutgoingId: fields.uint('next-outgoing-id') ?? 0,
    incomingWindow: fields.uint('incoming-window') ?? 0,
  };
}

function readAttach(fields: FieldReader) {
  return {
    kind: 'attach' as const,
    name: fields.text('name') ?? '',
    handle: fields.requiredUint('handle'),
    /** True where the client receives. */
    role: fields.flag('role'),
    sndSettleMode: fields.uint('snd-settle-mode') ?? 2,
    rcvSettleMode: fields.uint('rcv-settle-mode') ?? 0,
    source: readTerminus(fields.encoded(), DESCRIPTORS.source),
    target: readTerminus(fields.encoded(), DESCRIPTORS.target),
    unsettled: fields.encoded(),
    incompleteUnsettled: fields.flag('incomplete-unsettled'),
    initialDeliveryCount: fields.uint('initial-delivery-count') ?? 0,
  };
}

/** One end of a link: its address, unless it has none or is no source or target, and the names of its filters. */
export interface Terminus {
  readonly address: string | undefined;
  readonly filters: readonly string[];
}

/** Where the filters are in a source. */
const FILTER = 7;

function readTerminus(encoded: Buffer | undefined, kind: number): Terminus {
  const none = { address: undefined, filters: [] };
  if (!encoded) return none;
  const { code, value } = readDescriptor(encoded, 0);
  if (code !== kind) return none;
  const filter = kind === DESCRIPTORS.source ? listItemsOf(encoded, value)[FILTER] : undefined;
  const filters = filter && encoded[filter.start] !== NULL ? mapEntriesOf(encoded, filter.start) : [];
  return {
    address: new FieldReader(encoded, value).text('address'),
    filters: filters.flatMap(({ key }) => key ?? []),
  };
}

function readFlow(fields: FieldReader) {
  return {
    kind: 'flow' as const,
    nextIncomingId: fields.uint('next-incoming-id'),
    incomingWindow: fields.uint('incoming-window') ?? 0,
    nextOutgoingId: fields.uint('next-outgoing-id'),
    outgoingWindow: fields.uint('outgoing-window'),
    /** Undefined where it is of the session only. */
    handle: fields.uint('handle'),
    // What is left out counts from the start.
    deliveryCount: fields.uint('delivery-count') ?? 0,
    linkCredit: fields.uint('link-credit') ?? 0,
    available: fields.uint('available'),
    drain: fields.flag('drain'),
    echo: fields.flag('echo'),
  };
}

function readTransfer(fields: FieldReader) {
  return {
    kind: 'transfer' as const,
    handle: fields.requiredUint('handle'),
    deliveryId: fields.uint('delivery-id'),
    deliveryTag: fields.bytes('delivery-tag'),
    messageFormat: fields.uint('message-format') ?? 0,
    settled: fields.flag('settled'),
    more: fields.flag('more'),
    rcvSettleMode: fields.uint('rcv-settle-mode'),
    state: fields.encoded(),
    resume: fields.flag('resume'),
    aborted: fields.flag('aborted'),
  };
}

function readDisposition(fields: FieldReader) {
  const role = fields.flag('role');
  const first = fields.requiredUint('first');
  return {
    kind: 'disposition' as const,
    /** True where the client is the receiver. */
    role,
    first,
    last: fields.uint('last') ?? first,
    settled: fields.flag('settled'),
    state: readState(fields.encoded()),
  };
}

function readState(state: Buffer | undefined): DeliveryState | undefined {
  // As nearly every client says it.
  if (state?.equals(ENCODED_ACCEPTED)) return ACCEPTED;
  return state && readDeliveryState(state);
}

function readDetach(fields: FieldReader) {
  return {
    kind: 'detach' as const,
    handle: fields.requiredUint('handle'),
    closed: fields.flag('closed'),
    error: readErrorField(fields),
  };
}

function readEnd(kind: 'end' | 'close', fields: FieldReader) {
  return { kind, error: readErrorField(fields) };
}

function readErrorField(fields: FieldReader): ClientError | undefined {
  const error = fields.encoded();
  return error && readError(error);
}

function readSaslInit(fields: FieldReader) {
  return { kind: 'sasl-init' as const, mechanism: fields.text('mechanism') };
}

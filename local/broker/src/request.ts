import { type AmqpValue, decodeValue } from './amqp-value.js';
import { headOf, listItemsOf, mapEntriesOf, type Section, type Span, sectionsOf } from './encoding.js';
import { MalformedMessage } from './errors.js';
import { MAX_MESSAGE_SIZE_BYTES } from './message-size.js';
import { APPLICATION_PROPERTIES, PROPERTIES, VALUE } from './section-codes.js';
import { NULL } from './type-codes.js';

/** Where `message-id` and `reply-to` are among the properties. */
const MESSAGE_ID = 0;
const REPLY_TO = 4;
/** Type codes of the ids of messages: ulong, UUID, binary and string, each in every encoding. */
const ID_TYPE_CODES: ReadonlySet<number> = new Set([0x44, 0x53, 0x80, 0x98, 0xa0, 0xb0, 0xa1, 0xb1]);

/** A request to `$cbs` or to an entity's `$management`. */
export class ManagementRequest {
  /** As the client encoded it: the reply repeats it. */
  readonly messageId: Buffer | undefined;
  /** What names the link for the reply; without it the reply goes to the client's link from the node that was asked. */
  readonly replyTo: string | undefined;
  readonly #encoded: Buffer;
  readonly #sections: readonly Section[];

  /** Reads a request; of one over the limit only what comes before the body. @throws MalformedMessage */
  constructor(given: Buffer) {
    const encoded = given.length > MAX_MESSAGE_SIZE_BYTES ? headOf(given) : given;
    this.#encoded = encoded;
    this.#sections = sectionsOf(encoded);
    const properties = this.#find(PROPERTIES);
    const fields = properties ? listItemsOf(encoded, properties.value) : [];
    this.messageId = readId(encoded, fields[MESSAGE_ID]);
    this.replyTo = readReplyTo(encoded, fields[REPLY_TO]);
  }

  /** @throws MalformedMessage when it has none */
  get operation(): string {
    const operation = this.#fields(APPLICATION_PROPERTIES).get('operation');
    if (typeof operation !== 'string') throw new MalformedMessage('it is a request without an operation');
    return operation;
  }

  /** The address that a claim is for, of an entity or of the whole namespace; undefined where it names none. */
  get audience(): string | undefined {
    const name = this.#fields(APPLICATION_PROPERTIES).get('name');
    return typeof name === 'string' ? name : undefined;
  }

  /** @throws MalformedMessage when the body is something else than a map */
  get body(): RequestFields {
    return this.#fields(VALUE);
  }

  #fields(code: number): RequestFields {
    return new RequestFields(this.#encoded, this.#find(code)?.value);
  }

  #find(code: number): Section | undefined {
    return this.#sections.find(section => section.code === code);
  }
}

/** The fields of a request by name, each decoded when it is asked for. */
export class RequestFields {
  readonly #encoded: Buffer;
  readonly #fields = new Map<string, Span>();

  /** `map` is where the constructor of the map is; nothing where the request has none. */
  constructor(encoded: Buffer, map: number | undefined) {
    this.#encoded = encoded;
    if (map === undefined || encoded[map] === NULL) return;
    for (const { key, value, end } of mapEntriesOf(encoded, map)) {
      if (key !== undefined) this.#fields.set(key, { start: value, end });
    }
  }

  /** Null where the field is not there. */
  get(field: string): AmqpValue {
    const encoded = this.encoded(field);
    return encoded ? decodeValue(encoded) : null;
  }

  /** The bytes of a field that is there and not null. */
  encoded(field: string): Buffer | undefined {
    const span = this.#fields.get(field);
    return span && this.#encoded[span.start] !== NULL ? this.#encoded.subarray(span.start, span.end) : undefined;
  }
}

function readId(encoded: Buffer, field: Span | undefined): Buffer | undefined {
  const typeCode = field && encoded[field.start];
  if (!field || typeCode === NULL) return;
  if (!ID_TYPE_CODES.has(typeCode ?? NULL)) {
    throw new MalformedMessage('the message-id of a request is none of the types of AMQP');
  }
  return encoded.subarray(field.start, field.end);
}

function readReplyTo(encoded: Buffer, field: Span | undefined): string | undefined {
  const replyTo = field && decodeValue(encoded.subarray(field.start, field.end));
  if (replyTo === undefined || replyTo === null) return;
  if (typeof replyTo !== 'string') throw new MalformedMessage('the reply-to of a request is no text');
  return replyTo;
}

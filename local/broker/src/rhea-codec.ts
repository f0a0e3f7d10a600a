import rhea, { type Message } from 'rhea';
import { MalformedMessage, Refusal } from './errors.js';
import { checkValues } from './well-formed.js';

const { Reader, Writer } = rhea.types as unknown as {
  readonly Reader: new (encoded: Buffer) => { read(): { readonly value: unknown } };
  readonly Writer: new () => { write(typed: unknown): void; toBuffer(): Buffer };
};

/** Decodes a whole message, or some sections of one. @throws MalformedMessage */
export function decodeMessage(encoded: Buffer): Message {
  return decoding(() => rhea.message.decode(checkValues(encoded)) as unknown as Message);
}

/** Decodes one AMQP value. @throws MalformedMessage */
export function decodeValue(encoded: Buffer): unknown {
  return decoding(() => new Reader(checkValues(encoded)).read().value);
}

/** Encodes a value with the AMQP type that rhea chooses for it. */
export function encodeValue(value: unknown): Buffer {
  const writer = new Writer();
  writer.write(rhea.types.wrap(value));
  return Buffer.from(writer.toBuffer());
}

/** Does what decodes. rhea reports bytes that it cannot read as whatever error they lead to; to the broker they are the sender's mistake. */
export function decoding<T>(decode: () => T): T {
  try {
    return decode();
  } catch (cause) {
    if (cause instanceof Refusal) throw cause;
    throw new MalformedMessage(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

import rhea, { type Message } from 'rhea';
import { MalformedMessage } from './errors.js';

const { Reader, Writer } = rhea.types as unknown as {
  readonly Reader: new (encoded: Buffer) => { read(): { readonly value: unknown } };
  readonly Writer: new () => { write(typed: unknown): void; toBuffer(): Buffer };
};

/** Decodes a whole message, or some sections of one. @throws MalformedMessage */
export function decodeMessage(encoded: Buffer): Message {
  return decoding(() => rhea.message.decode(encoded) as unknown as Message);
}

/** Decodes the one AMQP value that the bytes begin with. @throws MalformedMessage */
export function decodeValue(encoded: Buffer): unknown {
  return decoding(() => new Reader(encoded).read().value);
}

/** Encodes a value with the AMQP type that rhea chooses for it. */
export function encodeValue(value: unknown): Buffer {
  const writer = new Writer();
  writer.write(rhea.types.wrap(value));
  return Buffer.from(writer.toBuffer());
}

/** rhea reports bytes that it cannot read as whatever error they lead to; to the broker they are the sender's mistake. */
function decoding<T>(decode: () => T): T {
  try {
    return decode();
  } catch (cause) {
    throw new MalformedMessage(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

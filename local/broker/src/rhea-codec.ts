import rhea from 'rhea';
import { MalformedMessage, Refusal } from './errors.js';

const { Reader, Writer } = rhea.types as unknown as {
  readonly Reader: new (encoded: Buffer) => { read(): unknown };
  readonly Writer: new () => { write(typed: unknown): void; toBuffer(): Buffer };
};

/** A value as rhea has it before it drops the type; `encoded` is known to be whole. */
export function typedValue(encoded: Buffer): unknown {
  return new Reader(encoded).read();
}

/** Encodes a value with the AMQP type that rhea chooses for it, or with the one that it has. */
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

import { MalformedMessage } from './errors.js';
import { DESCRIBED, LIST_0 } from './type-codes.js';

/** Type codes of lists, maps and arrays begin here; those of all simple values are lower. */
const FIRST_COMPOUND = 0xc0;

/** A value in its encoding, so that it is passed on with the type that it has. */
export class EncodedValue {
  constructor(readonly bytes: Buffer) {}

  /** @throws MalformedMessage when it is a list, a map, an array or described: no value of an application property. */
  static ofProperty(name: string, bytes: Buffer): EncodedValue {
    const typeCode = bytes[0] ?? DESCRIBED;
    if (typeCode === DESCRIBED || typeCode === LIST_0 || typeCode >= FIRST_COMPOUND) {
      throw new MalformedMessage(`the property to modify '${name}' is no simple value`);
    }
    // Of its own: what it was cut from shall not be kept for it.
    return new EncodedValue(Buffer.from(bytes));
  }
}

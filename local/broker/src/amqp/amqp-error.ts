import { described, symbol } from '../encode-value.js';
import type { EncodedValue } from '../encoded-value.js';
import { DESCRIPTORS, readDescriptor } from '../encoding.js';
import type { Refusal } from '../errors.js';
import { FieldReader } from './field-reader.js';

/** An error as a client states it. */
export interface ClientError {
  readonly condition: string | undefined;
  readonly description: string | undefined;
  /** An encoded map. */
  readonly info: Buffer | undefined;
}

/** Reads an encoded error. @throws MalformedMessage */
export function readError(encoded: Buffer): ClientError {
  const fields = new FieldReader(encoded, readDescriptor(encoded, 0).value);
  const condition = fields.text('the condition of an error');
  const description = fields.text('the description of an error');
  return { condition, description, info: fields.encoded() };
}

/** Encodes why something is refused. All three fields are there: the Python SDK reads each without asking whether it is. */
export function encodeError({ condition, message }: Refusal): EncodedValue {
  return described(DESCRIPTORS.error, [symbol(condition), message, {}]);
}

/** An error as it stands in a log. */
export function textOf({ condition, description }: ClientError): string {
  return [condition, description].filter(Boolean).join(': ');
}

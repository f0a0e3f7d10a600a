import { described } from '../encode-value.js';
import { readDescriptor } from '../encoding.js';
import type { Refusal } from '../errors.js';
import { encodeError, readError } from './amqp-error.js';
import { FieldReader } from './field-reader.js';

/** What a receiver states of a delivery (AMQP 1.0, part 3, section 3.4), or that it states something else. */
export type DeliveryState =
  | { readonly kind: 'accepted' | 'released' | 'received' | 'other' }
  | { readonly kind: 'rejected'; readonly info: Buffer | undefined }
  | {
      readonly kind: 'modified';
      readonly deliveryFailed: boolean;
      readonly undeliverableHere: boolean;
      /** An encoded map. */
      readonly annotations: Buffer | undefined;
    };

export const ACCEPTED: DeliveryState = { kind: 'accepted' };
export const ACCEPTED_CODE = 0x24;

const RECEIVED_CODE = 0x23;
const REJECTED_CODE = 0x25;
const RELEASED_CODE = 0x26;
const MODIFIED_CODE = 0x27;

/** @throws MalformedMessage */
export function readDeliveryState(encoded: Buffer): DeliveryState {
  const { code, value } = readDescriptor(encoded, 0);
  const fields = new FieldReader(encoded, value);
  switch (code) {
    case RECEIVED_CODE:
      return { kind: 'received' };
    case ACCEPTED_CODE:
      return ACCEPTED;
    case REJECTED_CODE: {
      const error = fields.encoded();
      return { kind: 'rejected', info: error && readError(error).info };
    }
    case RELEASED_CODE:
      return { kind: 'released' };
    case MODIFIED_CODE: {
      const deliveryFailed = fields.flag('delivery-failed');
      const undeliverableHere = fields.flag('undeliverable-here');
      return { kind: 'modified', deliveryFailed, undeliverableHere, annotations: fields.encoded() };
    }
    default:
      return { kind: 'other' };
  }
}

/** The answer to a state: the same, less what is in it, for to repeat an error would mean that the settlement failed. */
export function encodeAnswer(state: DeliveryState): Buffer {
  switch (state.kind) {
    case 'rejected':
      return described(REJECTED_CODE, []).bytes;
    case 'released':
      return described(RELEASED_CODE, []).bytes;
    case 'modified':
      return described(MODIFIED_CODE, [state.deliveryFailed, state.undeliverableHere]).bytes;
    default:
      return ENCODED_ACCEPTED;
  }
}

export const ENCODED_ACCEPTED: Buffer = described(ACCEPTED_CODE, []).bytes;

/** What refuses a delivery. */
export function encodeRejected(refusal: Refusal): Buffer {
  return described(REJECTED_CODE, [encodeError(refusal)]).bytes;
}

import { described } from '../encode-value.js';
import { DESCRIPTORS, readDescriptor } from '../encoding.js';
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

/** One object does for all deliveries, for nearly every state is this one. */
export const ACCEPTED: DeliveryState = { kind: 'accepted' };

/** Reads an encoded state. @throws MalformedMessage */
export function readDeliveryState(encoded: Buffer): DeliveryState {
  const { code, value } = readDescriptor(encoded, 0);
  const fields = new FieldReader(encoded, value);
  switch (code) {
    case DESCRIPTORS.received:
      return { kind: 'received' };
    case DESCRIPTORS.accepted:
      return ACCEPTED;
    case DESCRIPTORS.rejected: {
      const error = fields.encoded();
      return { kind: 'rejected', info: error && readError(error).info };
    }
    case DESCRIPTORS.released:
      return { kind: 'released' };
    case DESCRIPTORS.modified: {
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
      return described(DESCRIPTORS.rejected, []).bytes;
    case 'released':
      return described(DESCRIPTORS.released, []).bytes;
    case 'modified':
      return described(DESCRIPTORS.modified, [state.deliveryFailed, state.undeliverableHere]).bytes;
    default:
      return ENCODED_ACCEPTED;
  }
}

/** The state of a delivery that was taken. */
export const ENCODED_ACCEPTED: Buffer = described(DESCRIPTORS.accepted, []).bytes;

/** The state of a delivery that is refused. */
export function encodeRejected(refusal: Refusal): Buffer {
  return described(DESCRIPTORS.rejected, [encodeError(refusal)]).bytes;
}

import type { Delivery } from 'rhea';
import { type AmqpValue, decodeValue } from './amqp-value.js';
import { EncodedValue } from './encoded-value.js';
import { mapEntriesOf } from './encoding.js';
import { MalformedMessage, NotSupported } from './errors.js';
import type { Queue } from './queue.js';
import type { ApplicationProperties, Lock } from './queue-message.js';
import { decoding, encodeValue } from './rhea-codec.js';

/** What a consumer did with a message that it had locked. */
export type Outcome =
  | { readonly kind: 'complete' }
  | { readonly kind: 'release' }
  | { readonly kind: 'abandon'; readonly properties: ApplicationProperties }
  | { readonly kind: 'defer'; readonly properties: ApplicationProperties }
  | {
      readonly kind: 'deadLetter';
      readonly reason?: string;
      readonly description?: string;
      readonly properties: ApplicationProperties;
    };

/** Reads the state of a delivery as Service Bus means it. @throws NotSupported for a state outside of that. */
export function outcomeOf(delivery: Delivery): Outcome {
  const state: DeliveryState = delivery.remote_state ?? {};
  const { composite_type: kind } = state.constructor as { readonly composite_type?: string };
  // rhea decodes a field when it is read, and this is read outside of where it catches what a client sent wrong.
  return decoding(() => readOutcome(kind, state));
}

/** A state as rhea has it: its fields decoded by name, and with their types by their places. */
type DeliveryState = NonNullable<Delivery['remote_state']> & { readonly value?: readonly unknown[] };

function readOutcome(kind: string | undefined, state: DeliveryState): Outcome {
  switch (kind) {
    case 'accepted':
      return { kind: 'complete' };
    case 'released':
      return { kind: 'release' };
    case 'modified':
      return {
        kind: state.undeliverable_here === true ? 'defer' : 'abandon',
        properties: propertiesOf(state.value?.[MESSAGE_ANNOTATIONS]),
      };
    case 'rejected':
      return rejection(state.value?.[ERROR]);
    default:
      throw new NotSupported('transactional or other states of a delivery');
  }
}

const NULL = Buffer.from([0x40]);

/** Where the message annotations are in the state modified, the error in rejected, and the info in an error. */
const MESSAGE_ANNOTATIONS = 2;
const ERROR = 0;
const INFO = 2;

function rejection(error: unknown): Outcome {
  const fields = error === undefined || error === null ? [] : (error as { readonly value: readonly unknown[] }).value;
  const { DeadLetterReason, DeadLetterErrorDescription, ...properties } = propertiesOf(fields?.[INFO]);
  return deadLetterOutcome({
    reason: DeadLetterReason && decodeValue(DeadLetterReason.bytes),
    description: DeadLetterErrorDescription && decodeValue(DeadLetterErrorDescription.bytes),
    properties,
  });
}

/** A dead-lettering by what a client stated as its reasons, where that is text. */
export function deadLetterOutcome(stated: {
  readonly reason: AmqpValue | undefined;
  readonly description: AmqpValue | undefined;
  readonly properties: ApplicationProperties;
}): Outcome {
  const { reason, description, properties } = stated;
  return {
    kind: 'deadLetter',
    ...(typeof reason === 'string' ? { reason } : {}),
    ...(typeof description === 'string' ? { description } : {}),
    properties,
  };
}

/** Properties that a consumer sets, with the types that it gave them. @throws MalformedMessage when they are no simple values by name */
function propertiesOf(typed: unknown): Readonly<Record<string, EncodedValue>> {
  const encoded = typed === undefined || typed === null ? NULL : encodeValue(typed);
  return encoded.equals(NULL) ? {} : simpleProperties(encoded);
}

/** The entries of an encoded map as properties to set. @throws MalformedMessage when they are no simple values by name */
export function simpleProperties(encoded: Buffer): Readonly<Record<string, EncodedValue>> {
  return Object.fromEntries(
    mapEntriesOf(encoded, 0).map(({ key, value, end }) => {
      if (key === undefined) throw new MalformedMessage('a property to modify has no name');
      return [key, EncodedValue.ofProperty(key, encoded.subarray(value, end))];
    }),
  );
}

/** Does to the queue what the consumer decided. @throws LockLost */
export function settleByOutcome(queue: Queue, lock: Lock, outcome: Outcome): void {
  if (outcome.kind === 'complete') queue.complete(lock);
  else if (outcome.kind === 'release') queue.release(lock);
  else if (outcome.kind === 'abandon') queue.abandon(lock, outcome.properties);
  else if (outcome.kind === 'defer') queue.defer(lock, outcome.properties);
  else queue.deadLetter(lock, outcome);
}

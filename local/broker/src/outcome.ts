import type { DeliveryState } from './amqp/delivery-state.js';
import { type AmqpValue, decodeValue } from './amqp-value.js';
import { EncodedValue } from './encoded-value.js';
import { mapEntriesOf } from './encoding.js';
import { MalformedMessage, NotSupported } from './errors.js';
import type { Queue } from './queue.js';
import type { ApplicationProperties, Lock } from './queue-message.js';

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
export function outcomeOf(state: DeliveryState): Outcome {
  switch (state.kind) {
    case 'accepted':
      return { kind: 'complete' };
    case 'released':
      return { kind: 'release' };
    case 'modified':
      return { kind: state.undeliverableHere ? 'defer' : 'abandon', properties: propertiesOf(state.annotations) };
    case 'rejected': {
      const { DeadLetterReason, DeadLetterErrorDescription, ...properties } = propertiesOf(state.info);
      return deadLetterOutcome({
        reason: DeadLetterReason && decodeValue(DeadLetterReason.bytes),
        description: DeadLetterErrorDescription && decodeValue(DeadLetterErrorDescription.bytes),
        properties,
      });
    }
    default:
      throw new NotSupported('transactional or other states of a delivery');
  }
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

/** The entries of an encoded map, where there is one, as properties to set. @throws MalformedMessage when they are no simple values by name */
export function propertiesOf(encoded: Buffer | undefined): Readonly<Record<string, EncodedValue>> {
  if (!encoded) return {};
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

import type { Delivery } from 'rhea';
import { NotSupported } from './errors.js';
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
export function outcomeOf(delivery: Delivery): Outcome {
  const state = delivery.remote_state ?? {};
  const { composite_type: kind } = state.constructor as { readonly composite_type?: string };
  switch (kind) {
    case 'accepted':
      return { kind: 'complete' };
    case 'released':
      return { kind: 'release' };
    case 'modified':
      return {
        kind: state.undeliverable_here === true ? 'defer' : 'abandon',
        properties: state.message_annotations ?? {},
      };
    case 'rejected':
      return deadLetterOutcome(state.error?.info ?? {});
    default:
      throw new NotSupported('transactional or other states of a delivery');
  }
}

/** A dead-lettering whose reason and description stand among the properties to set. */
export function deadLetterOutcome(info: ApplicationProperties): Outcome {
  const { DeadLetterReason: reason, DeadLetterErrorDescription: description, ...properties } = info;
  return {
    kind: 'deadLetter',
    ...(typeof reason === 'string' ? { reason } : {}),
    ...(typeof description === 'string' ? { description } : {}),
    properties,
  };
}

/** Does to the queue what the consumer decided. @throws LockLost */
export function settleByOutcome(queue: Queue, lock: Lock, outcome: Outcome): void {
  if (outcome.kind === 'complete') queue.complete(lock);
  else if (outcome.kind === 'release') queue.release(lock);
  else if (outcome.kind === 'abandon') queue.abandon(lock, outcome.properties);
  else if (outcome.kind === 'defer') queue.defer(lock, outcome.properties);
  else queue.deadLetter(lock, outcome);
}

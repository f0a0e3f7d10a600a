import type { Delivery } from 'rhea';
import { MalformedMessage, NotSupported } from './errors.js';
import type { Queue } from './queue.js';
import type { ApplicationProperties, Lock } from './queue-message.js';
import { decoding } from './rhea-codec.js';

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
  // rhea decodes a field when it is read, and this is read outside of where it catches what a client sent wrong.
  return decoding(() => readOutcome(kind, state));
}

function readOutcome(kind: string | undefined, state: NonNullable<Delivery['remote_state']>): Outcome {
  switch (kind) {
    case 'accepted':
      return { kind: 'complete' };
    case 'released':
      return { kind: 'release' };
    case 'modified':
      return {
        kind: state.undeliverable_here === true ? 'defer' : 'abandon',
        properties: propertiesOf(state.message_annotations),
      };
    case 'rejected':
      return deadLetterOutcome(propertiesOf(state.error?.info));
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

/**
 * Properties that a consumer sets, when they are what Service Bus takes: simple values by name.
 *
 * @throws MalformedMessage
 */
export function propertiesOf(given: unknown): ApplicationProperties {
  if (given === undefined || given === null) return {};
  if (typeof given !== 'object' || Object.getPrototypeOf(given) !== Object.prototype) {
    throw new MalformedMessage('the properties to modify are no map');
  }
  for (const [name, value] of Object.entries(given)) {
    if (!isSimple(value)) throw new MalformedMessage(`the property to modify '${name}' is no simple value`);
  }
  return given as ApplicationProperties;
}

function isSimple(value: unknown): boolean {
  return value === null || typeof value !== 'object' || value instanceof Date || Buffer.isBuffer(value);
}

/** Does to the queue what the consumer decided. @throws LockLost */
export function settleByOutcome(queue: Queue, lock: Lock, outcome: Outcome): void {
  if (outcome.kind === 'complete') queue.complete(lock);
  else if (outcome.kind === 'release') queue.release(lock);
  else if (outcome.kind === 'abandon') queue.abandon(lock, outcome.properties);
  else if (outcome.kind === 'defer') queue.defer(lock, outcome.properties);
  else queue.deadLetter(lock, outcome);
}

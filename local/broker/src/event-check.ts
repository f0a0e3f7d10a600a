import type { QueueEvent } from './event-log.js';

/** What a broker's event log says of its queues. */
export interface EventCheck {
  /** Steps that no queue may take, one sentence each; empty for a sound log. */
  readonly violations: readonly string[];
  /** Messages that are in a queue or a dead-letter queue at the end of the log. */
  readonly remaining: readonly RemainingMessage[];
}

/** A message that had not left its queue when the log ended. */
export interface RemainingMessage {
  readonly queue: string;
  readonly messageId: string;
  readonly sequenceNumber: number;
  readonly state: 'scheduled' | 'free' | 'locked';
}

/**
 * Follows every message of a log through a model of a peek-lock queue, which knows nothing of the broker's own state:
 * a message is scheduled, free or locked, and then it is gone. Only a free one can be locked, by a token never seen
 * before; only the token that holds it can renew or end the lock; a lock ends by time only when its time has come; what
 * is completed leaves at once and never comes back; what is dead-lettered arrives in the dead-letter queue.
 *
 * @param events the whole log of a broker, oldest first
 */
export function checkEvents(events: readonly QueueEvent[]): EventCheck {
  const model = new Model();
  for (const event of events) model.follow(event);
  return { violations: model.violations, remaining: model.remaining() };
}

const DEAD_LETTERS = '/$DeadLetterQueue';

/** Where a message of the model stands. */
type State =
  | { readonly at: 'scheduled' | 'free' }
  | { readonly at: 'locked'; readonly lockToken: string; readonly untilMs: number }
  /** Its consumer has decided: it must leave with this outcome before anything else happens to it. */
  | { readonly at: 'leaving'; readonly outcome: 'completed' | 'deadLettered' };

interface Known {
  readonly queue: string;
  readonly messageId: string;
  readonly sequenceNumber: number;
  readonly state: State;
}

class Model {
  readonly violations: string[] = [];
  readonly #here = new Map<string, Known>();
  readonly #gone = new Set<string>();
  readonly #tokens = new Set<string>();
  /** Dead-lettered, and not yet seen in the dead-letter queue. */
  readonly #moving = new Map<string, QueueEvent>();

  follow(event: QueueEvent): void {
    const key = keyOf(event.queue, event.sequenceNumber);
    const state = this.#here.get(key)?.state;
    const next = this.#next(event, state);
    if (next) {
      const { queue, messageId, sequenceNumber } = event;
      this.#here.set(key, { queue, messageId, sequenceNumber, state: next });
    } else {
      this.#here.delete(key);
      this.#gone.add(key);
    }
  }

  /** Where the event leaves its message; undefined: out of the queue. Blames what should not have happened. */
  #next(event: QueueEvent, state: State | undefined): State | undefined {
    switch (event.kind) {
      case 'scheduled':
        this.#comes(event);
        return { at: 'scheduled' };
      case 'enqueued':
        this.#comes(event);
        return { at: 'free' };
      case 'locked':
        if (state?.at !== 'free') this.#blame(event, `it was ${standing(state)}`);
        if (this.#tokens.has(event.lockToken)) this.#blame(event, 'the lock token was used before');
        this.#tokens.add(event.lockToken);
        return { at: 'locked', lockToken: event.lockToken, untilMs: event.untilMs };
      case 'renewed':
        if (!holds(state, event.lockToken)) this.#blame(event, `that lock does not hold it: it was ${standing(state)}`);
        return { at: 'locked', lockToken: event.lockToken, untilMs: event.untilMs };
      case 'unlocked':
        if (!holds(state, event.lockToken)) this.#blame(event, `that lock does not hold it: it was ${standing(state)}`);
        else if (event.by === 'expired' && event.atMs < state.untilMs) {
          this.#blame(event, `${Math.ceil(state.untilMs - event.atMs)} ms before its time`);
        }
        return stateAfter(event);
      case 'left':
        if (!mayLeave(state, event.outcome)) this.#blame(event, `it was ${standing(state)}`);
        if (event.outcome === 'deadLettered') {
          this.#moving.set(keyOf(event.queue + DEAD_LETTERS, event.sequenceNumber), event);
        }
        return undefined;
    }
  }

  /** Those still in a queue; one that vanished on its way to the dead letters is a violation. */
  remaining(): RemainingMessage[] {
    for (const event of this.#moving.values()) this.#blame(event, 'it never reached the dead-letter queue');
    this.#moving.clear();
    return [...this.#here.values()].flatMap(({ state, ...message }) => {
      if (state.at !== 'leaving') return [{ ...message, state: state.at }];
      this.violations.push(`${message.queue}: message ${message.messageId} was ${state.outcome} and never left`);
      return [];
    });
  }

  #comes(event: QueueEvent & { kind: 'scheduled' | 'enqueued' }): void {
    const { queue, sequenceNumber } = event;
    const key = keyOf(queue, sequenceNumber);
    if (this.#here.has(key) || this.#gone.has(key)) this.#blame(event, 'its sequence number was there before');
    if (event.kind === 'enqueued' && event.scheduledAs !== undefined) {
      const before = keyOf(queue, event.scheduledAs);
      const state = this.#here.get(before)?.state;
      if (state?.at !== 'scheduled') this.#blame(event, `it was ${standing(state)}`);
      this.#here.delete(before);
      this.#gone.add(before);
    } else if (queue.endsWith(DEAD_LETTERS) && !this.#moving.delete(key)) {
      this.#blame(event, 'nothing was dead-lettered under that number');
    }
  }

  #blame({ queue, messageId, sequenceNumber, ...event }: QueueEvent, why: string): void {
    const how = event.kind === 'unlocked' ? event.by : event.kind === 'left' ? event.outcome : event.kind;
    this.violations.push(`${queue}: message ${messageId} (number ${sequenceNumber}) was ${how}, but ${why}`);
  }
}

function keyOf(queue: string, sequenceNumber: number): string {
  return `${sequenceNumber} ${queue}`;
}

function holds(state: State | undefined, lockToken: string): state is Extract<State, { at: 'locked' }> {
  return state?.at === 'locked' && state.lockToken === lockToken;
}

function stateAfter({ queue, by }: QueueEvent & { kind: 'unlocked' }): State {
  if (by === 'completed') return { at: 'leaving', outcome: 'completed' };
  // What is rejected in a dead-letter queue stays there.
  if (by === 'rejected' && !queue.endsWith(DEAD_LETTERS)) return { at: 'leaving', outcome: 'deadLettered' };
  return { at: 'free' };
}

function mayLeave(state: State | undefined, outcome: (QueueEvent & { kind: 'left' })['outcome']): boolean {
  if (!state) return false;
  switch (outcome) {
    case 'purged':
      return true;
    case 'cancelled':
      return state.at === 'scheduled';
    case 'completed':
      return state.at === 'leaving' && state.outcome === 'completed';
    case 'deadLettered':
      return state.at === 'free' || (state.at === 'leaving' && state.outcome === 'deadLettered');
    default:
      return state.at === 'free';
  }
}

function standing(state: State | undefined): string {
  if (!state) return 'not in the queue';
  return state.at === 'locked' ? `locked by ${state.lockToken}` : state.at === 'leaving' ? state.outcome : state.at;
}

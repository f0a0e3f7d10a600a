import type { Clock } from './clock.js';

/** The longest time that a Node timer holds; a later alarm is set again on the way. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** What an alarm needs. */
export interface AlarmOptions {
  readonly now: Clock;
  /** Called when the time has come. @returns the next time, milliseconds since the epoch, if there is one. */
  readonly ring: () => number | undefined;
}

/** One timer for the earliest of many times. A time that is not needed any more just rings early, once. */
export class Alarm {
  #timer: NodeJS.Timeout | undefined;
  #atMs = Number.POSITIVE_INFINITY;

  constructor(readonly options: AlarmOptions) {}

  /** Makes sure that it rings at this time, milliseconds since the epoch, or earlier. */
  set(atMs: number): void {
    if (atMs >= this.#atMs) return;
    this.clear();
    this.#atMs = atMs;
    const delayMs = Math.ceil(Math.max(0, atMs - this.options.now()));
    this.#timer = setTimeout(() => this.#ring(), Math.min(delayMs, LONGEST_TIMER_MS));
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#atMs = Number.POSITIVE_INFINITY;
  }

  #ring(): void {
    this.#atMs = Number.POSITIVE_INFINITY;
    const nextAtMs = this.options.ring();
    if (nextAtMs !== undefined) this.set(nextAtMs);
  }
}

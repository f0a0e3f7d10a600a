import { BINDING_TIME_LIMIT_MS } from '@order-bench/orders';
import { DaprFailed, type StatePort, type Stored } from './ports.js';
import { randomShare } from './random-share.js';

/** What a change makes of a value, and what it answers; without `value` nothing is changed. */
export interface StateChange<T> {
  readonly value?: unknown;
  readonly result: T;
}

/**
 * Changes a value by compare-and-set: where somebody was faster, the change is made anew on what is there then, after a pause of
 * random length, so that those who met once do not meet again and again.
 *
 * @param change is given undefined where there is none yet.
 * @throws DaprFailed where the state is away, or others were faster for as long as a call to Dapr may take
 */
export async function changeState<T>(
  state: StatePort,
  key: string,
  change: (stored: Stored | undefined) => StateChange<T> | Promise<StateChange<T>>,
): Promise<T> {
  const beganMs = Date.now();
  for (let attempt = 1; Date.now() - beganMs < BINDING_TIME_LIMIT_MS; attempt++) {
    const stored = await state.get(key);
    const { value, result } = await change(stored);
    if (value === undefined) return result;
    if (stored ? await state.replace(key, value, stored.etag) : await state.create(key, value)) return result;
    await pause(randomShare() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt));
  }
  throw new DaprFailed('state', `Others were faster to change ${key} for ${BINDING_TIME_LIMIT_MS} ms.`);
}

/** Somewhat less than a change takes: two who met once are then apart. */
const FIRST_PAUSE_MS = 5;
/** Short enough for some dozens of tries within the limit. */
const LONGEST_PAUSE_MS = 320;

function pause(durationMs: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, durationMs));
}

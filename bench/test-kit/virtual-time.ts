import { afterEach, beforeEach, vi } from 'vitest';

/**
 * Has each test of a file run in virtual time: whenever all wait, the clock jumps to the next timer. The file also says
 * `vi.mock('node:timers/promises', () => import('./virtual-time.js'))`. For tests.
 */
export function useVirtualTime(): void {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] });
    vi.setTimerTickMode('nextTimerAsync');
  });
  afterEach(() => {
    vi.useRealTimers();
  });
}

/** As in node:timers/promises, of which fake timers know nothing. */
export { delay as setTimeout };

function delay<T>(ms: number, value: T, { signal }: { readonly signal?: AbortSignal } = {}): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve(value);
    }, ms);
    if (signal?.aborted) stop();
    else signal?.addEventListener('abort', stop, { once: true });
  });
}

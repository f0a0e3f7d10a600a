import { BINDING_TIME_LIMIT_MS } from '@order-bench/orders';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { changeState } from './change-state.js';
import { MemoryState } from './memory-ports.js';
import type { Stored } from './ports.js';

/** A state that takes its time, each call another, as one behind Dapr does. */
class SlowState extends MemoryState {
  #calls = 0;

  override async get(key: string): Promise<Stored | undefined> {
    await this.#wait();
    return super.get(key);
  }

  override async create(key: string, value: unknown): Promise<boolean> {
    await this.#wait();
    return super.create(key, value);
  }

  override async replace(key: string, value: unknown, etag: string): Promise<boolean> {
    await this.#wait();
    return super.replace(key, value, etag);
  }

  #wait(): Promise<void> {
    this.#calls += 1;
    // From 5 to 15 ms.
    const durationMs = 5 + ((this.#calls * 7) % 11);
    return new Promise(resolve => setTimeout(resolve, durationMs));
  }
}

const CALLERS = 20;
const CHANGES_OF_EACH = 5;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'Date'] });
});

afterEach(() => {
  vi.useRealTimers();
});

test('20 callers who change one value at once, again and again, all succeed, and no change is lost', async () => {
  const state = new SlowState();
  const callers = Array.from({ length: CALLERS }, async () => {
    for (let change = 0; change < CHANGES_OF_EACH; change++) await changeState(state, 'sum', plusOne);
  });
  const all = Promise.all(callers);
  all.catch(() => undefined);
  await vi.runAllTimersAsync();
  await all;
  expect(state.values.get('sum')?.value).toBe(CALLERS * CHANGES_OF_EACH);
});

test('who is overtaken every time gives up when a call to Dapr would, and says of what', async () => {
  const state = new SlowState();
  state.replace = async () => false;
  state.values.set('sum', { value: 0, etag: '0' });
  const failed = expect(changeState(state, 'sum', plusOne)).rejects.toThrow(
    `Others were faster to change sum for ${BINDING_TIME_LIMIT_MS} ms.`,
  );
  const beganMs = Date.now();
  await vi.runAllTimersAsync();
  await failed;
  expect(Date.now() - beganMs).toBeLessThan(BINDING_TIME_LIMIT_MS + 1_000);
});

test('what changes nothing asks once, and stores nothing', async () => {
  const state = new MemoryState();
  expect(await changeState(state, 'sum', stored => ({ result: stored }))).toBeUndefined();
  expect(state.values.size).toBe(0);
});

function plusOne(stored: Stored | undefined) {
  return { value: Number(stored?.value ?? 0) + 1, result: undefined };
}

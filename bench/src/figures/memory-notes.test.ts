import { expect, test, vi } from 'vitest';
import { noteMemory } from './memory-notes.js';

const LONG_AGO_MS = 1_000;
const HOUR_MS = 3_600_000;

test('memory is noted once for each time that has come', async () => {
  let reads = 0;
  const read = async () => ({ app: ++reads });
  const { taken } = noteMemory({ read, dueAtMs: [LONG_AGO_MS, LONG_AGO_MS, Date.now() + 20] });
  expect(await taken).toEqual([{ app: 1 }, { app: 2 }, { app: 3 }]);
});

test('no reading comes before its time', async () => {
  const dueAtMs = [1, 30, 60].map(ms => Date.now() + ms);
  const { taken } = noteMemory({ read: async () => ({ at: Date.now() }), dueAtMs });
  // A timer may fire within the millisecond before.
  expect((await taken).map(({ at = 0 }, index) => at >= (dueAtMs[index] ?? 0) - 1)).toEqual([true, true, true]);
});

test('what was not due when it is stopped is left out', async () => {
  const read = vi.fn(async () => ({ app: 1 }));
  const memory = noteMemory({ read, dueAtMs: [LONG_AGO_MS, Date.now() + HOUR_MS] });
  await vi.waitFor(() => expect(read).toHaveBeenCalled());
  memory.stop();
  expect(await memory.taken).toEqual([{ app: 1 }]);
});

test('a reading that fails is told to whoever asks for the notes', async () => {
  const read = async () => {
    throw new Error('no ps here');
  };
  await expect(noteMemory({ read, dueAtMs: [LONG_AGO_MS] }).taken).rejects.toThrow('no ps here');
});

test('there are no notes where memory can not be read', async () => {
  expect(await noteMemory({ read: undefined, dueAtMs: [Date.now() + HOUR_MS] }).taken).toEqual([]);
});

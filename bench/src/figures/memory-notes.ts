import { setTimeout as delay } from 'node:timers/promises';
import type { RssBytes } from '../results/result.js';

/** What to read, and when. */
export interface MemoryNotesOptions {
  /** Absent where memory can't be read: nothing is noted then. */
  readonly read: (() => Promise<RssBytes>) | undefined;
  /** By this machine's clock, ascending. */
  readonly dueAtMs: readonly number[];
}

/** Readings that are taken while something else goes on. */
export interface MemoryNotes {
  /** Ends them; those that were not due yet are left out. */
  stop(): void;
  /** All that were taken, once they are stopped or the last one is taken. Rejects with what a reading failed with. */
  readonly taken: Promise<readonly RssBytes[]>;
}

/** Reads the memory of processes at given times. Between them it does nothing. */
export function noteMemory(options: MemoryNotesOptions): MemoryNotes {
  const stop = new AbortController();
  const taken = take(options, stop.signal);
  // Whoever started it awaits this at the end of the drain; until then it must not end the process as unhandled.
  taken.catch(() => {});
  return { taken, stop: () => stop.abort() };
}

async function take({ read, dueAtMs }: MemoryNotesOptions, signal: AbortSignal): Promise<RssBytes[]> {
  const notes: RssBytes[] = [];
  if (!read) return notes;
  for (const atMs of dueAtMs) {
    if (!(await reached(atMs, signal))) break;
    notes.push(await read());
  }
  return notes;
}

/** Waits for a time; false where it was stopped before. */
async function reached(atMs: number, signal: AbortSignal): Promise<boolean> {
  try {
    await delay(Math.max(0, atMs - Date.now()), undefined, { signal });
    return true;
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  }
}

import { isTimed, type MinuteFigures, type RunResult } from '../results/result.js';
import { wholeMinutes } from './order-minutes.js';

/** Two minutes of one run held against each other: the first full one after the first, and the last full one. */
export interface Soak {
  readonly first: SoakMinute;
  readonly last: SoakMinute;
}

/** One of them. */
export interface SoakMinute {
  readonly minute: number;
  readonly p99Ms: number;
  /** Of all app processes at its end; null where memory was not read. */
  readonly appRssBytes: number | null;
}

/**
 * Whether latency and memory are at the end of a run where they were near its start. The first minute is left out:
 * caches fill, heaps find their size. Null for a run without two such minutes, and no verdict: what change matters is
 * for the reader to say.
 */
export function soakOf(result: RunResult): Soak | null {
  if (!isTimed(result) || !result.latency || !result.minutes) return null;
  const full = wholeMinutes(result.latency.ratePerSecond, result.orders.count);
  const minutes = result.minutes.filter(({ minute }) => minute > 1 && minute <= full);
  const [first, last] = [minutes[0], minutes.at(-1)];
  if (!first || !last || first === last) return null;
  const figures = (minute: MinuteFigures): SoakMinute => ({
    minute: minute.minute,
    p99Ms: minute.p99Ms,
    appRssBytes: appRssBytes(result, minute),
  });
  return { first: figures(first), last: figures(last) };
}

/** Resident memory of all app processes at the end of a minute; null where it was not read. */
export function appRssBytes({ processes }: RunResult, { rssBytes }: MinuteFigures): number | null {
  const own = processes.filter(({ role }) => role === 'app').map(({ name }) => rssBytes[name]);
  const known = own.filter(bytes => bytes !== undefined);
  // A sum that lacks a process would show as memory that was given back.
  return known.length === 0 || known.length < own.length ? null : known.reduce((sum, bytes) => sum + bytes, 0);
}

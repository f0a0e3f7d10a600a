import { InvalidArgumentError } from 'commander';
import type { Arrival } from './batches.js';
import { LARGEST_SEED } from './seed.js';

/** A whole number of 1 or more. @throws InvalidArgumentError */
export function parseCount(value: string): number {
  const count = Number(value);
  if (!/^\d+$/.test(value) || count < 1 || !Number.isSafeInteger(count)) {
    throw new InvalidArgumentError('It must be a whole number, 1 or more.');
  }
  return count;
}

/** A seed that faker takes. @throws InvalidArgumentError */
export function parseSeed(value: string): number {
  const seed = Number(value);
  if (!/^\d+$/.test(value) || seed > LARGEST_SEED) {
    throw new InvalidArgumentError(`It must be a whole number from 0 to ${LARGEST_SEED}.`);
  }
  return seed;
}

/** A share from 0 to 1. @throws InvalidArgumentError */
export function parseShare(value: string): number {
  const share = Number(value);
  if (value.trim() === '' || !(share >= 0 && share <= 1)) throw new InvalidArgumentError('It must be 0 to 1.');
  return share;
}

/** A time to come in ISO 8601 with its offset, as milliseconds since the epoch. @throws InvalidArgumentError */
export function parseTime(value: string): number {
  const timeMs = Date.parse(value);
  if (!/T.*(Z|[+-]\d\d:?\d\d)$/.test(value) || Number.isNaN(timeMs)) {
    throw new InvalidArgumentError('It must be a time like 2030-01-31T12:00:00Z, with Z or an offset.');
  }
  if (timeMs <= Date.now()) {
    throw new InvalidArgumentError(`It is past (now: ${new Date().toISOString()}). Give a later one, or --in 5s.`);
  }
  return timeMs;
}

/** A duration like 500ms, 5s, 2m or 1h, in milliseconds. @throws InvalidArgumentError */
export function parseDuration(value: string): number {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(value) ?? [];
  const unitMs = UNITS_MS[unit];
  if (unitMs === undefined) throw new InvalidArgumentError('It must be a duration like 500ms, 5s, 2m or 1h.');
  return Number(amount) * unitMs;
}

const UNITS_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** `burst` or `constant:<orders a second>`. @throws InvalidArgumentError */
export function parseArrival(value: string): Arrival {
  if (value === 'burst') return { kind: 'burst' };
  const [, rate] = /^constant:(\d+(?:\.\d+)?)$/.exec(value) ?? [];
  const ratePerSecond = Number(rate);
  if (!(ratePerSecond > 0)) throw new InvalidArgumentError('It must be burst or constant:<orders a second>.');
  return { kind: 'constant', ratePerSecond };
}

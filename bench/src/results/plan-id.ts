import { randomBytes } from 'node:crypto';

/** A moment as names of files have it, UTC: `20261126T064217Z`. */
export function timeStamp(at: Date): string {
  return at.toISOString().replace(/[-:]|\.\d+/g, '');
}

/** The id of one run or measurement: eight hexadecimal digits. */
export function newId(): string {
  return randomBytes(4).toString('hex');
}

/** The id of a plan of many runs: when it began, and what makes it unique. */
export function planId(startedAt: Date): string {
  return `${timeStamp(startedAt)}-${newId()}`;
}

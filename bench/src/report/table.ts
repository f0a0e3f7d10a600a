import { medianInterval } from '../judge/median-interval.js';
import { percent, plain } from '../text/format.js';
import type { Cell, Column } from './document.js';
import { rangeText } from './ratio-text.js';

/** A column of numbers. */
export function numbers(title: string, unit?: string): Column {
  return { title, isNumber: true, ...(unit === undefined ? {} : { unit }) };
}

/** A column of text. */
export function texts(title: string): Column {
  return { title };
}

/** A cell for a number; a dash for none. */
export function numberCell(value: number | null, detail?: string | null): Cell {
  if (value === null || Number.isNaN(value)) return NONE;
  return { text: plain(value), value, ...(detail ? { detail } : {}) };
}

/** A median with its interval below it (of fewer than six values, the least and the most); of one value no interval, of none a dash. */
export function medianCell(values: readonly (number | null)[]): Cell {
  const known = values.filter(value => value !== null);
  if (known.length === 0) return NONE;
  const { median, low, high } = medianInterval(known);
  return numberCell(median, known.length > 1 ? rangeText(low, high) : null);
}

/** A cell for a whole number, in full. */
export function countCell(count: number): Cell {
  return { text: String(count), value: count };
}

/** A cell for a share as a percentage; a dash for none. */
export function shareCell(share: number | null): Cell {
  return share === null || Number.isNaN(share) ? NONE : { text: percent(share), value: share };
}

/** A cell for an amount of money. */
export function moneyCell(amount: number): Cell {
  return { text: amount.toFixed(2), value: amount };
}

/** What stands where nothing is known; it sorts last. */
export const NONE: Cell = { text: '–', value: null };

import { percent, plain } from '../text/format.js';
import type { Cell, Column } from './document.js';

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

import type { Ratio } from '../judge/paired-ratio.js';
import { plain } from '../text/format.js';

/** A ratio with its interval; the runs may be too few for a bound, or for both. */
export function ratioText({ ratio, low, high }: Ratio): string {
  const bounds = rangeText(low, high, ratioNumber);
  return bounds === null ? ratioNumber(ratio) : `${ratioNumber(ratio)} [${bounds}]`;
}

/** A ratio as a number. */
export function ratioNumber(value: number): string {
  return Number.isFinite(value) ? value.toFixed(2) : 'without end';
}

/** A ratio in running text: one digit behind the point where that is exact enough. */
export function timesText(ratio: number): string {
  return `${ratio.toFixed(ratio < 2 ? 2 : 1)} times`;
}

/** `3.41 to 3.54`; one-sided where a bound is missing, null where both are. */
export function rangeText(low: number, high: number, text: (value: number) => string = plain): string | null {
  const hasLow = Number.isFinite(low) && low > 0;
  if (!Number.isFinite(high)) return hasLow ? `${text(low)} or more` : null;
  return low === 0 && text === ratioNumber ? `up to ${text(high)}` : `${text(low)} to ${text(high)}`;
}

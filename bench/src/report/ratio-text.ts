import type { Ratio } from '../judge/paired-ratio.js';
import { plain } from '../text/format.js';

/** A ratio with its interval; without one where the runs are too few for it. */
export function ratioText(ratio: Ratio): string {
  const range = ratioRange(ratio);
  return range === null ? ratioNumber(ratio.ratio) : `${ratioNumber(ratio.ratio)} [${range}]`;
}

/** A ratio's interval: one-sided where the runs are too few for a bound, null where they are for both. */
export function ratioRange({ low, high }: Ratio): string | null {
  if (Number.isFinite(high)) return low > 0 ? rangeText(low, high, ratioNumber) : `up to ${ratioNumber(high)}`;
  return low > 0 ? rangeText(low, high, ratioNumber) : null;
}

/** A ratio as a number. */
export function ratioNumber(value: number): string {
  return Number.isFinite(value) ? value.toFixed(2) : 'without end';
}

/** A ratio in running text: one digit behind the point where that is exact enough. */
export function timesText(ratio: number): string {
  return `${ratio.toFixed(ratio < 2 ? 2 : 1)} times`;
}

/** `3.41 to 3.54`; open where what is above never ended. */
export function rangeText(low: number, high: number, text: (value: number) => string = plain): string {
  return Number.isFinite(high) ? `${text(low)} to ${text(high)}` : `${text(low)} or more`;
}

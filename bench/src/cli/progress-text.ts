import type { DrainProgress } from '../run/drain-watch.js';

/** `1,200 of 11,000, 450 orders/s, 22 s left`. */
export function progressText({ written, expected, ordersPerSecond }: DrainProgress): string {
  const rate = Math.max(0, Math.round(ordersPerSecond));
  const left = written >= expected ? '' : `, ${leftText((expected - written) / rate)}`;
  return `${written.toLocaleString('en')} of ${expected.toLocaleString('en')}, ${rate} orders/s${left}`;
}

function leftText(seconds: number): string {
  if (!Number.isFinite(seconds)) return 'time left unknown';
  return seconds < 90 ? `${Math.ceil(seconds)} s left` : `${Math.round(seconds / 60)} min left`;
}

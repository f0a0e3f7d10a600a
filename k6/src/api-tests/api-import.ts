/** An import of many lines: sent once, and asked for until it has succeeded (`job`). */
import { check, sleep } from 'k6';
import { apiSummary, ask, jobOptionsOf, outcome, ownData, send } from '../api-exercise.ts';
import type { SummaryData } from '../exercise.ts';

export const options = jobOptionsOf('import', 'job');

/** What a duration can be too long by. */
const LOOK_S = 0.5;

export default function importOrders(): void {
  const { key, lines } = ownData<{ readonly key: string; readonly lines: readonly string[] }>();
  const { status, headers } = send({
    ...{ name: 'import', method: 'POST', path: '/imports', wanted: 202, orders: lines.length },
    headers: { 'content-type': 'application/x-ndjson', 'idempotency-key': key },
    body: lines.join('\n'),
  });
  const acceptedMs = Date.now();
  const path = headers.Location;
  // What failed is counted; without a job there is nothing to follow.
  if (status !== 202 || path === undefined) return;
  let seen = ask({ method: 'GET', path, wanted: 200 });
  while (seen.status === 200 && /"status":"(?:queued|running)"/.test(seen.body ?? '')) {
    sleep(LOOK_S);
    seen = ask({ method: 'GET', path, wanted: 200 });
  }
  outcome('job', acceptedMs, Date.now());
  const took = `"done":${lines.length},"total":${lines.length},"refused":0`;
  check(seen, {
    // To what came of it.
    'it has succeeded': answer => answer.status === 303,
    'each line was taken': ({ body }) => (body ?? '').includes(took),
  });
}

/** Its rate is that of the lines, from the 202 until all were worked off. */
export function handleSummary(summary: SummaryData): Record<string, string> {
  const values = (metric: string) => summary.metrics[metric]?.values ?? {};
  const durationS = (values('outcome_time').max ?? 0) / 1_000;
  const lines = values('orders_taken').count ?? 0;
  return apiSummary({ durationS, ratePerSecond: durationS === 0 ? 0 : lines / durationS }, summary);
}

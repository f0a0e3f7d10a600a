import { soakOf } from '../figures/soak.js';
import { isTimed, type RunResult } from '../results/result.js';
import { listed, percent, plain } from '../text/format.js';

/** From this many times the p99 of its second minute on a soak is called slow. */
const SLOWER = 2;
const MEBIBYTE = 2 ** 20;

/**
 * What a run tells of itself that got slow between its second minute and its last full one: when it began, where an order
 * spent its time, and what machine and queues say of that. Null for one that did not, or is too short to tell.
 */
export function soakReason(result: RunResult): string | null {
  const soak = soakOf(result);
  if (!soak || !isTimed(result) || soak.last.p99Ms < SLOWER * soak.first.p99Ms) return null;
  const since = result.minutes?.find(
    ({ minute, p99Ms }) => minute > soak.first.minute && p99Ms >= SLOWER * soak.first.p99Ms,
  );
  const reasons = [hopReason(result), coresReason(result), redeliveryReason(result), memoryReason(soak)];
  const known = reasons.filter(reason => reason !== null);
  return (
    `got slow from minute ${since?.minute ?? soak.last.minute} on: the p99 rose from ${plain(soak.first.p99Ms)} to ${plain(soak.last.p99Ms)} ms; ` +
    (known.length > 0 ? listed(known) : 'nothing that was recorded tells why')
  );
}

function hopReason({ hops }: RunResult): string | null {
  const whole = hops.reduce((sum, { meanMs }) => sum + meanMs, 0);
  const longest = hops.toSorted((a, b) => b.meanMs - a.meanMs)[0];
  if (!longest || whole <= 0) return null;
  return `${percent(longest.meanMs / whole)} of an order’s time went to “${longest.title}”`;
}

function coresReason({ machine, environment }: RunResult): string | null {
  if (machine.busyShare === null) return null;
  const others = Math.max(0, machine.busyShare - machine.ownShare);
  return `the ${environment.cores} cores were ${percent(machine.busyShare)} busy, ${percent(others)} of them with anything but the run`;
}

function redeliveryReason({ correctness: { redeliveries } }: RunResult): string | null {
  return redeliveries === null || redeliveries === 0 ? null : `${redeliveries} messages were delivered again`;
}

function memoryReason({ first, last }: NonNullable<ReturnType<typeof soakOf>>): string | null {
  if (first.appRssBytes === null || last.appRssBytes === null) return null;
  const [before, after] = [first.appRssBytes, last.appRssBytes].map(bytes => plain(bytes / MEBIBYTE));
  return `app memory went from ${before} to ${after} MiB`;
}

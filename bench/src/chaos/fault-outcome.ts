import type { BlobWrite } from '@order-bench/rig';
import type { FaultOutcome } from '../results/chaos-result.js';

/** A fault as it was carried out; milliseconds since the epoch. */
export interface StruckFault {
  readonly kind: string;
  readonly target: string;
  readonly beganAtMs: number;
  readonly endedAtMs: number;
}

/** What the orders of a drain went through. */
export interface OrderHistory {
  /** When each order was due, milliseconds since the epoch, by its id. */
  readonly arrivedAtMs: ReadonlyMap<string, number>;
  /** What is known of each order that was written, by its id. */
  readonly writes: ReadonlyMap<string, Pick<BlobWrite, 'firstWrittenAtMs' | 'writes'>>;
  /** The first order's time. */
  readonly startMs: number;
}

/** Says what a fault did to the orders that it met on their way. */
export function faultOutcome(fault: StruckFault, { arrivedAtMs, writes, startMs }: OrderHistory): FaultOutcome {
  const { kind, target, beganAtMs, endedAtMs } = fault;
  const inFlight = [...arrivedAtMs].flatMap(([orderId, arrivedMs]) => {
    const write = writes.get(orderId);
    const isOnItsWay = arrivedMs <= beganAtMs && (write === undefined || write.firstWrittenAtMs > beganAtMs);
    return isOnItsWay ? [write] : [];
  });
  const written = inFlight.filter(write => write !== undefined);
  const lost = inFlight.length - written.length;
  const nextWrittenAtMs = Math.min(
    ...[...writes.values()].map(write => write.firstWrittenAtMs).filter(atMs => atMs > endedAtMs),
  );
  const lastWrittenAtMs = Math.max(...written.map(({ firstWrittenAtMs }) => firstWrittenAtMs));
  return {
    kind,
    target,
    beganMs: Math.round(beganAtMs - startMs),
    endedMs: Math.round(endedAtMs - startMs),
    inFlight: inFlight.length,
    lost,
    duplicated: written.filter(write => write.writes > 1).length,
    resumedMs:
      inFlight.length === 0 || nextWrittenAtMs === Number.POSITIVE_INFINITY
        ? null
        : Math.round(nextWrittenAtMs - endedAtMs),
    recoveredMs: inFlight.length === 0 || lost > 0 ? null : Math.max(0, Math.round(lastWrittenAtMs - endedAtMs)),
  };
}

/** A way in which the blob server fails on demand, for every request of the Blob REST API until it is told to recover. */
export type Fault =
  /** Refuses with 500 InternalError or 503 ServerBusy; nothing takes effect. */
  | { readonly kind: 'refuse'; readonly status: 500 | 503 }
  /** Answers this much later. */
  | { readonly kind: 'slow'; readonly delayMs: number }
  /** Does what is asked, then cuts the connection in the middle of the answer's body. */
  | { readonly kind: 'half-answer' }
  /** Drops all connections and stops listening, as a server that was killed; what is stored stays, as in a durable store. */
  | { readonly kind: 'outage' };

/** The fault that a server has now, if any; there only where it was started to be tested with faults. */
export class Faults {
  current: Fault | undefined;
}

/** @throws TypeError for what is no fault. */
export function readFault(given: unknown): Fault {
  const { kind, status, delayMs } = (given ?? {}) as { kind?: unknown; status?: unknown; delayMs?: unknown };
  if (kind === 'half-answer' || kind === 'outage') return { kind };
  if (kind === 'refuse' && (status === 500 || status === 503)) return { kind, status };
  if (kind === 'slow' && Number.isSafeInteger(delayMs) && (delayMs as number) >= 0) {
    return { kind, delayMs: delayMs as number };
  }
  throw new TypeError(
    'a fault is {kind: "refuse", status: 500 or 503}, {kind: "slow", delayMs}, {kind: "half-answer"} or {kind: "outage"}',
  );
}

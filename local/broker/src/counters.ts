/** What happened in a queue since its start or its last purge. Dead letters' own receives are not in them. */
export interface QueueCounters {
  /** Messages accepted, scheduled ones included. */
  sent: number;
  scheduled: number;
  cancelled: number;
  /** Deliveries, repeated ones included. */
  delivered: number;
  /** Deliveries of a message that was delivered before. */
  redelivered: number;
  completed: number;
  abandoned: number;
  /** Given back by a consumer without counting as a delivery. */
  released: number;
  deferred: number;
  deadLettered: number;
  /** Time to live ran out. */
  expired: number;
  locksExpired: number;
  locksRenewed: number;
  /** Sends refused because the queue was full. */
  quotaRefusals: number;
}

/** Counters at zero. */
export function newCounters(): QueueCounters {
  return {
    sent: 0,
    scheduled: 0,
    cancelled: 0,
    delivered: 0,
    redelivered: 0,
    completed: 0,
    abandoned: 0,
    released: 0,
    deferred: 0,
    deadLettered: 0,
    expired: 0,
    locksExpired: 0,
    locksRenewed: 0,
    quotaRefusals: 0,
  };
}

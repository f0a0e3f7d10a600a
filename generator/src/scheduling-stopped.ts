/** Scheduling ended early; what had been scheduled was cancelled as far as the queue still let it be. */
export class SchedulingStopped extends Error {
  /** Messages that the queue had confirmed by then. */
  readonly scheduled: number;
  /** How many of these were taken back; the others are in the queue. */
  readonly cancelled: number;

  constructor(options: { reason: string; scheduled: number; cancelled: number; cause?: unknown }) {
    const { reason, scheduled, cancelled, cause } = options;
    super(`${reason}; ${describeRest(scheduled, cancelled)}`, { cause });
    this.name = 'SchedulingStopped';
    this.scheduled = scheduled;
    this.cancelled = cancelled;
  }
}

/** Not every message could be scheduled before its time: begin earlier, or with fewer messages. */
export class TooLate extends SchedulingStopped {
  override readonly name = 'TooLate';
}

function describeRest(scheduled: number, cancelled: number): string {
  if (cancelled === scheduled) return scheduled === 0 ? 'nothing was scheduled' : 'all that was scheduled is cancelled';
  return `${scheduled - cancelled} could not be cancelled and stay in the queue: empty it before the next run`;
}

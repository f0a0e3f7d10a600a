/** The states of a long-running job, one list for the API and the worker. */
export const JOB_STATES = ['queued', 'running', 'cancelling', 'succeeded', 'failed', 'cancelled'] as const;

/** One of them. */
export type JobState = (typeof JOB_STATES)[number];

/** What is kept of a job, changed by compare-and-set alone. */
export interface Job {
  readonly id: string;
  readonly state: JobState;
  /** Lines that are through, refused ones among them: where the next delivery goes on. */
  readonly done: number;
  readonly total: number;
  readonly refused: number;
  /** Why it failed, for a person. */
  readonly reason?: string;
}

/** What happens to a job. */
export type JobEvent =
  /** The worker did some lines and wrote what came of each. */
  | { readonly kind: 'progress'; readonly from: number; readonly lines: number; readonly refused: number }
  /** Somebody wants it to end. */
  | { readonly kind: 'cancel' }
  /** The worker saw between two chunks that it is to end. */
  | { readonly kind: 'stopped' }
  /** It can't go on. */
  | { readonly kind: 'failed'; readonly reason: string };

/**
 * A job after an event; undefined where the event means nothing to it: a chunk that was done before comes again, or the job has
 * ended. Nothing is then to be written, and whoever brought the event goes on.
 */
export function jobAfter(job: Job, event: JobEvent): Job | undefined {
  if (hasEnded(job)) return undefined;
  switch (event.kind) {
    case 'progress': {
      if (event.from !== job.done) return undefined;
      const done = job.done + event.lines;
      const refused = job.refused + event.refused;
      if (done >= job.total) return { ...job, done, refused, state: 'succeeded' };
      return { ...job, done, refused, state: job.state === 'cancelling' ? 'cancelling' : 'running' };
    }
    case 'cancel':
      return job.state === 'queued' ? { ...job, state: 'cancelled' } : { ...job, state: 'cancelling' };
    case 'stopped':
      return job.state === 'cancelling' ? { ...job, state: 'cancelled' } : undefined;
    case 'failed':
      return { ...job, state: 'failed', reason: event.reason };
  }
}

/** Whether nothing more will happen to it. */
export function hasEnded({ state }: Job): boolean {
  return state === 'succeeded' || state === 'failed' || state === 'cancelled';
}

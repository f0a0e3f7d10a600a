import type { DrainProgress } from './drain-watch.js';

/** Where a run tells how it goes; the command prints it, a test may collect it. */
export interface RunLog {
  /** A step began, e.g. `warming up`. */
  step(text: string): void;
  /** The drain moved on. */
  progress(progress: DrainProgress): void;
}

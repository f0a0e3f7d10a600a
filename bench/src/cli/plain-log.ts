import type { DrainProgress } from '../run/drain-watch.js';
import type { RunLog } from '../run/run-log.js';
import { progressText } from './progress-text.js';

const INTERVAL_MS = 5_000;

/** Tells how runs go where nothing can be drawn over: a line a step, and one every five seconds while it lasts. */
export class PlainLog implements RunLog {
  private text = '';
  private startedAtMs = 0;
  private progressed: DrainProgress | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly screen: { write(text: string): unknown }) {}

  step(text: string): void {
    this.end();
    this.screen.write(`  ${text}\n`);
    this.text = text;
    this.startedAtMs = Date.now();
    this.progressed = undefined;
    this.timer = setInterval(() => this.screen.write(`  ${this.line()}\n`), INTERVAL_MS).unref();
  }

  progress(progress: DrainProgress): void {
    this.progressed = progress;
  }

  /** Says no more; call it before anything else is printed. */
  end(): void {
    clearInterval(this.timer);
  }

  private line(): string {
    const elapsed = `${Math.round((Date.now() - this.startedAtMs) / 1000)} s`;
    return this.progressed ? `${this.text}: ${progressText(this.progressed)}` : `still ${this.text} (${elapsed})`;
  }
}

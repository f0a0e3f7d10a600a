import { isLive } from '@order-bench/rig';
import cliProgress from 'cli-progress';
import type { DrainProgress } from '../run/drain-watch.js';
import type { RunLog } from '../run/run-log.js';
import { PlainLog } from './plain-log.js';
import { progressText } from './progress-text.js';

/** What tells how runs go; `end` before anything else is printed. */
export interface PrintedLog extends RunLog {
  end(): void;
}

/** Tells on stderr how runs go: a bar in a terminal, plain lines elsewhere. */
export function printedLog(): PrintedLog {
  return isLive(process.stderr) ? new BarLog() : new PlainLog(process.stderr);
}

/** The step and the figures come first. */
const TEXT_WIDTH = 60;
const MOST_BAR_WIDTH = 20;

class BarLog implements PrintedLog {
  private text = '';
  private bar: cliProgress.SingleBar | undefined;

  step(text: string): void {
    this.end();
    this.text = text;
    process.stderr.write(`  ${text}\n`);
  }

  progress(progress: DrainProgress): void {
    this.bar ??= this.start(progress.expected);
    this.bar.update(progress.written, { figures: progressText(progress) });
  }

  end(): void {
    this.bar?.stop();
    this.bar = undefined;
  }

  private start(total: number): cliProgress.SingleBar {
    // It takes the place of the line that said what begins.
    process.stderr.write('\u001b[1A');
    const bar = new cliProgress.SingleBar({
      format: `  ${this.text}: {figures} {bar}`,
      barsize: Math.max(0, Math.min(MOST_BAR_WIDTH, (process.stderr.columns || 80) - TEXT_WIDTH)),
      hideCursor: true,
      stream: process.stderr,
    });
    bar.start(total, 0, { figures: '' });
    return bar;
  }
}

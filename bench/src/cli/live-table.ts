import { clearScreenDown, moveCursor } from 'node:readline';
import { isLive } from '@order-bench/rig';
import type { PlanDisplay } from '../plans/measure-plan.js';
import type { DrainProgress } from '../run/drain-watch.js';
import { PlainLog } from './plain-log.js';
import { progressText } from './progress-text.js';

/** Where it is shown: a terminal, or a stream that is none. */
export interface Screen {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}

/**
 * Shows how a comparison goes: in a terminal the table so far and the run in progress in place, elsewhere plain lines, and
 * the table once a block.
 */
export class LiveTable implements PlanDisplay {
  private readonly plain: PlainLog | undefined;
  private table: string[] = [];
  private title = '';
  private text = '';
  private drawnLines = 0;

  constructor(private readonly screen: Screen & NodeJS.WritableStream = process.stderr) {
    if (!isLive(screen)) this.plain = new PlainLog(screen);
  }

  /** Begins a run: what it is, and how long the rest will take. */
  begin(title: string): void {
    this.title = title;
    this.plain?.end();
    if (this.plain) this.screen.write(`${title}\n`);
    else this.draw('');
  }

  step(text: string): void {
    this.text = text;
    if (this.plain) this.plain.step(text);
    else this.draw(text);
  }

  progress(progress: DrainProgress): void {
    if (this.plain) this.plain.progress(progress);
    else this.draw(`${this.text}: ${progressText(progress)}`);
  }

  /** Something to keep: above the table in a terminal. */
  say(text: string): void {
    this.clear();
    this.screen.write(`${text}\n`);
  }

  /** The table so far; `isBlockDone` lets it be printed where lines can't be drawn over. */
  show(table: string, { isBlockDone }: { isBlockDone: boolean }): void {
    this.table = table.split('\n');
    this.plain?.end();
    if (this.plain && isBlockDone) this.screen.write(`${table}\n`);
  }

  /** Takes the table away; call it before anything else is printed. */
  clear(): void {
    this.plain?.end();
    if (this.drawnLines === 0) return;
    moveCursor(this.screen, 0, -this.drawnLines);
    clearScreenDown(this.screen);
    this.drawnLines = 0;
  }

  private draw(state: string): void {
    this.clear();
    // A line that wraps would be two lines, and one above the screen can't be drawn over: the next drawing would begin in the wrong place.
    const { columns = 80, rows = 24 } = this.screen;
    const table = this.table.slice(0, Math.max(0, rows - OTHER_LINES));
    const lines = [...table, this.title, `  ${state}`].map(line => line.slice(0, columns - 1));
    this.screen.write(`${lines.join('\n')}\n`);
    this.drawnLines = lines.length;
  }
}

/** Title, state, and the line of the cursor. */
const OTHER_LINES = 3;

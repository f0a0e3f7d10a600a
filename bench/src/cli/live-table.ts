import { clearScreenDown, moveCursor } from 'node:readline';
import type { PlanDisplay } from '../plans/measure-plan.js';
import type { DrainProgress } from '../run/drain-watch.js';

/** Where it is shown: a terminal, or a stream that is none. */
export interface Screen {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/**
 * Shows how a comparison goes: in a terminal the table so far and the run in progress in place, elsewhere plain lines, one
 * a run and the table once a block.
 */
export class LiveTable implements PlanDisplay {
  private table: string[] = [];
  private title = '';
  private drawnLines = 0;

  constructor(private readonly screen: Screen & NodeJS.WritableStream = process.stderr) {}

  /** Begins a run: what it is, and how long the rest will take. */
  begin(title: string): void {
    this.title = title;
    if (this.screen.isTTY) this.draw('');
    else this.screen.write(`${title}\n`);
  }

  step(text: string): void {
    if (this.screen.isTTY) this.draw(text);
  }

  progress({ written, expected, ordersPerSecond }: DrainProgress): void {
    if (this.screen.isTTY)
      this.draw(`${written}/${expected} written, ${Math.max(0, Math.round(ordersPerSecond))} orders/s`);
  }

  /** Something to keep: above the table in a terminal. */
  say(text: string): void {
    this.clear();
    this.screen.write(`${text}\n`);
  }

  /** The table so far; `isBlockDone` lets it be printed where lines can't be drawn over. */
  show(table: string, { isBlockDone }: { isBlockDone: boolean }): void {
    this.table = table.split('\n');
    if (!this.screen.isTTY && isBlockDone) this.screen.write(`${table}\n`);
  }

  /** Takes the table away; call it before anything else is printed. */
  clear(): void {
    if (this.drawnLines === 0) return;
    moveCursor(this.screen, 0, -this.drawnLines);
    clearScreenDown(this.screen);
    this.drawnLines = 0;
  }

  private draw(state: string): void {
    this.clear();
    // A line that wraps would be two lines, and the next drawing would begin in the wrong place.
    const width = (this.screen.columns ?? 80) - 1;
    const lines = [...this.table, this.title, `  ${state}`].map(line => line.slice(0, width));
    this.screen.write(`${lines.join('\n')}\n`);
    this.drawnLines = lines.length;
  }
}

import { isLive } from '@order-bench/rig';
import { STAND_IN } from '../contenders/runtime.js';
import type { ChaosResult } from '../results/chaos-result.js';
import type { ChaosProgress } from './chaos-drain.js';

const PLAIN_INTERVAL_MS = 5_000;

/** Tells on stderr how the drains of a seed go: one live line in a terminal, a line every five seconds elsewhere. */
export class ChaosLog {
  readonly #progress = new Map<string, ChaosProgress>();
  #lastLineAtMs = 0;

  constructor(
    readonly title: string,
    readonly totals: { readonly orders: number; readonly faults: number },
  ) {}

  progress(contender: string, progress: ChaosProgress): void {
    this.#progress.set(contender, progress);
    const line = `  ${this.title}: ${[...this.#progress].map(each => this.#describe(each)).join('; ')}`;
    if (isLive(process.stderr)) process.stderr.write(`\r${CLEAR_LINE}${line}`);
    else if (Date.now() - this.#lastLineAtMs >= PLAIN_INTERVAL_MS) {
      this.#lastLineAtMs = Date.now();
      process.stderr.write(`${line}\n`);
    }
  }

  /** Takes the live line away; call it before anything else is printed. */
  end(): void {
    if (isLive(process.stderr)) process.stderr.write(`\r${CLEAR_LINE}`);
  }

  #describe([contender, { written, struck }]: [string, ChaosProgress]): string {
    return `${contender} ${written}/${this.totals.orders} written, ${struck}/${this.totals.faults} faults`;
  }
}

/** ANSI: erase to the end of the line. */
const CLEAR_LINE = '\u001b[K';

/** One line for a drain, and one for each thing that is wrong with it. */
export function chaosSummary(result: ChaosResult): string {
  const { contender, seed, orders, correctness: c, faults, drainMs, restarts, failures, api } = result;
  const verdict = failures.length === 0 ? 'ok' : 'FAILED';
  const figures =
    `${c.written}/${orders} written, ${c.missing} missing, ${c.corrupt} corrupt, ${c.goodDeadLettered} dead-lettered, ` +
    (api === undefined ? '' : `${api.webhooks} webhooks, `) +
    `${c.duplicateWrites} written again, ${faults.length} faults, ${restarts} restarts, ${Math.round(drainMs / 1000)} s`;
  const lines = [
    `seed ${seed}  ${api?.contender ?? contender}  ${verdict}: ${figures}`,
    ...failures.map(failure => `  ${failure}`),
  ];
  if (failures.length > 0) lines.push(`  again: ${replayCommand(result)}`);
  return lines.join('\n');
}

/** Runs this drain with the same orders and faults. */
function replayCommand({ seed, contender, orders, api }: ChaosResult): string {
  const flags = api === undefined ? '' : ' --api';
  // Asked for by name; the stand-in is what it was found to run on.
  const name = contender.replace(` (${STAND_IN})`, '');
  return `node_modules/.bin/bench chaos${flags} --seed ${seed} --contenders ${name} --orders ${orders}`;
}

import { performance } from 'node:perf_hooks';

const TERMINAL_PERIOD_MS = 200;
const PLAIN_PERIOD_MS = 10_000;

/** Where progress is written: a terminal gets one line that counts, anything else a line now and then. */
export interface ProgressOutput {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** Whether what was written there can be written over: a terminal, and none that says it can't (TERM=dumb). */
export function isLive({ isTTY }: Pick<ProgressOutput, 'isTTY'>): boolean {
  return isTTY === true && process.env.TERM !== 'dumb';
}

/**
 * Says what is being waited for until `work` ends, and how long it took.
 *
 * @param output where to say it; standard error, which leaves standard output to results.
 */
export async function withProgress<T>(
  what: string,
  work: () => Promise<T>,
  output: ProgressOutput = process.stderr,
): Promise<T> {
  const startedMs = performance.now();
  const elapsed = () => duration(performance.now() - startedMs);
  const live = isLive(output);
  if (!live) output.write(`${what}\n`);
  const show = () => output.write(live ? `\r${what} (${elapsed()})` : `  still at it after ${elapsed()}\n`);
  if (live) show();
  const timer = setInterval(show, live ? TERMINAL_PERIOD_MS : PLAIN_PERIOD_MS);
  const end = (word: string) => output.write(live ? `\r${what} (${word} ${elapsed()})\n` : `  ${word} ${elapsed()}\n`);
  try {
    const result = await work();
    end('took');
    return result;
  } catch (error) {
    end('failed after');
    throw error;
  } finally {
    clearInterval(timer);
  }
}

function duration(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

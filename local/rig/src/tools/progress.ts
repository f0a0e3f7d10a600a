import { performance } from 'node:perf_hooks';

const TERMINAL_PERIOD_MS = 200;
const PLAIN_PERIOD_MS = 30_000;

/** Where progress is written: a terminal gets one line that counts, anything else a line now and then. */
export interface ProgressOutput {
  readonly isTTY?: boolean;
  write(text: string): unknown;
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
  if (!output.isTTY) output.write(`${what}\n`);
  const show = () => output.write(output.isTTY ? `\r${what} (${elapsed()})` : `  still at it after ${elapsed()}\n`);
  if (output.isTTY) show();
  const timer = setInterval(show, output.isTTY ? TERMINAL_PERIOD_MS : PLAIN_PERIOD_MS);
  const end = (word: string) =>
    output.write(output.isTTY ? `\r${what} (${word} ${elapsed()})\n` : `  ${word} ${elapsed()}\n`);
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

import { failureText } from '../text/failure-text.js';
import { UsageError } from '../text/usage-error.js';

/**
 * Runs a command that only reads results, beside others and beside a measurement, and turns what it throws into one clear
 * message.
 *
 * @returns the body's exit code; 2 for wrong use, 1 when it failed.
 */
export async function withoutCheckout(body: () => Promise<number>): Promise<number> {
  try {
    return await body();
  } catch (error) {
    process.stderr.write(`${failureText(error)}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}

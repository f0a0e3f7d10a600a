import { UsageError } from './usage-error.js';

/**
 * Runs a command that only reads results, beside others and beside a measurement, and turns wrong use into one clear
 * message.
 *
 * @returns the body's exit code, or 2 for wrong use.
 * @throws whatever else the body throws.
 */
export async function withoutCheckout(body: () => Promise<number>): Promise<number> {
  try {
    return await body();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`error: ${error.message}\n`);
    return 2;
  }
}

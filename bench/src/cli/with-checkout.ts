import { once } from 'node:events';
import { CheckoutBusy, type ControlStatus, checkoutDir, holdCheckout, type Rig, ToolMissing } from '@order-bench/rig';
import type { RigHolder } from '../plans/runner.js';
import { failureText } from '../text/failure-text.js';
import { UsageError } from '../text/usage-error.js';

const INTERRUPTED = 130;

/**
 * Resolves once the command is to stop.
 *
 * @throws what a process of the rig failed with, as soon as one does.
 */
export async function untilStopped({ signal }: RigHolder, rig: Rig): Promise<void> {
  const stopped = once(signal, 'abort');
  if (!signal.aborted) await Promise.race([stopped, rig.supervisor.failure]);
}

/**
 * Runs a command as the only one in this checkout, and turns what it throws into one clear message and an exit code:
 * 2 wrong use or missing tool, 130 interrupted, else 1.
 */
export async function withCheckout(command: string, body: (session: RigHolder) => Promise<number>): Promise<number> {
  const abort = new AbortController();
  const startedAt = new Date().toISOString();
  let rig: Rig | undefined;
  const interrupt = () => {
    if (abort.signal.aborted) {
      rig?.supervisor.killAll();
      process.exit(INTERRUPTED);
    }
    process.stderr.write('\nstopping everything; once more to stop at once\n');
    abort.abort();
  };
  const status = (): ControlStatus => ({
    pid: process.pid,
    command,
    startedAt,
    ...(rig && {
      logDir: rig.logDir,
      urls: rig.urls,
      queues: rig.queues,
      serviceBusConnectionString: rig.serviceBusConnectionString,
      blobConnectionString: rig.blobConnectionString,
    }),
    processes: rig?.supervisor.processes ?? [],
  });
  try {
    const control = await holdCheckout(checkoutDir, { status, stop: () => abort.abort() });
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt);
    try {
      return await body({
        signal: abort.signal,
        setRig: started => {
          rig = started;
        },
      });
    } finally {
      await control.close();
    }
  } catch (error) {
    if (abort.signal.aborted) {
      process.stderr.write('stopped; nothing was stored for the run in progress\n');
      return INTERRUPTED;
    }
    if (error instanceof UsageError || error instanceof CheckoutBusy || error instanceof ToolMissing) {
      process.stderr.write(`error: ${error.message}\n`);
      return 2;
    }
    process.stderr.write(`${failureText(error)}\n`);
    return 1;
  }
}

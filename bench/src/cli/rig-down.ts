import { createInterface } from 'node:readline/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { type ControlStatus, checkoutDir, controlStatus, controlStop } from '@order-bench/rig';
import { Command } from 'commander';
import { roughDuration } from '../plans/remaining-time.js';
import { UsageError } from '../text/usage-error.js';
import { isByHand } from './rig-text.js';
import { withoutCheckout } from './without-checkout.js';

const POLL_MS = 100;

/** `rig down`: ends what runs in this checkout; a measurement only when that is meant. */
export function rigDownCommand(): Command {
  return new Command('down')
    .description('stop the rig that runs in this checkout; asks before it stops a measurement')
    .option('--force', 'stop a measurement too, without asking', false)
    .action(async ({ force }: { force: boolean }) => {
      process.exitCode = await withoutCheckout(() => down(force ? async () => true : agreed));
    });
}

async function down(mayStop: (holder: ControlStatus) => Promise<boolean>): Promise<number> {
  const found = await controlStatus(checkoutDir);
  if (found && !isByHand(found) && !(await mayStop(found))) {
    console.log(`'${found.command}' runs on`);
    return 0;
  }
  const holder = await controlStop(checkoutDir);
  if (!holder) {
    console.log('no rig is running in this checkout');
    return 0;
  }
  while (await controlStatus(checkoutDir)) await delay(POLL_MS);
  console.log(`stopped '${holder.command}' (process ${holder.pid})`);
  return 0;
}

/** @throws UsageError where there is nobody to ask. */
async function agreed({ command, pid, startedAt }: ControlStatus): Promise<boolean> {
  const what = `'${command}' (process ${pid}) is measuring, for ${roughDuration(Date.now() - Date.parse(startedAt))}`;
  if (!process.stdin.isTTY) throw new UsageError(`${what}: to stop it all the same, make rig-down FORCE=1`);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(
      `${what}.\nStop it? Its run in progress is lost, the stored ones stay. [y/N] `,
    );
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}

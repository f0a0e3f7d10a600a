import { Command } from 'commander';
import { chaosCommand } from './commands/chaos.js';
import { compareCommand } from './commands/compare.js';
import { contendersCommand } from './commands/contenders.js';
import { costCommand } from './commands/cost.js';
import { dlqCommand } from './commands/dlq.js';
import { exportCommand } from './commands/export.js';
import { k6Command } from './commands/k6.js';
import { pacedCommand } from './commands/paced.js';
import { pricesCommand } from './commands/prices.js';
import { reportCommand } from './commands/report.js';
import { runCommand } from './commands/run.js';
import { sweepCommand } from './commands/sweep.js';
import { buildCommand, cacheDirCommand } from './commands/tools.js';
import { failureText } from './failure-text.js';
import { exitOnWrongUse } from './flags.js';
import { withoutCheckout } from './without-checkout.js';

// Whoever reads the output has had enough (`bench export | head -1`): nothing is wrong. What can't be written is said in a line.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') process.stderr.write(`${failureText(error)}\n`);
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});

const program = new Command('bench').description(
  'Measures how fast, and at what cost, contenders move orders through Service Bus, Dapr and Blob Storage.',
);
for (const command of [
  runCommand(),
  pacedCommand(),
  k6Command(),
  compareCommand(),
  sweepCommand(),
  contendersCommand(),
  chaosCommand(),
  exportCommand(),
  reportCommand(),
  dlqCommand(),
  costCommand(),
  pricesCommand(),
  buildCommand(),
  cacheDirCommand(),
]) {
  program.addCommand(command.exitOverride(exitOnWrongUse));
}
// Commands that hold the checkout or read results report by themselves; this is for the others.
const failed = await withoutCheckout(async () => {
  await program.exitOverride(exitOnWrongUse).parseAsync();
  return 0;
});
if (failed !== 0) process.exitCode = failed;

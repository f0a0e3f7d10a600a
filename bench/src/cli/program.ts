import { failureText } from '../text/failure-text.js';
import { apiCommand } from './api.js';
import { chaosCommand } from './chaos.js';
import { commandLine } from './command-line.js';
import { compareCommand } from './compare.js';
import { composeCommand } from './compose.js';
import { contendersCommand } from './contenders.js';
import { costCommand } from './cost.js';
import { daprYamlCommand } from './dapr-yaml.js';
import { dlqCommand } from './dlq.js';
import { exportCommand } from './export.js';
import { historyCommand } from './history.js';
import { k6Command } from './k6.js';
import { newContenderCommand } from './new-contender.js';
import { pacedCommand } from './paced.js';
import { pricesCommand } from './prices.js';
import { reportCommand } from './report.js';
import { runCommand } from './run.js';
import { scaleCommand } from './scale.js';
import { schemaCommand } from './schema.js';
import { sweepCommand } from './sweep.js';
import { buildCommand, cacheDirCommand } from './tools.js';
import { withoutCheckout } from './without-checkout.js';

// Whoever reads the output has had enough (`bench export | head -1`): nothing is wrong. What can't be written is said in a line.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') process.stderr.write(`${failureText(error)}\n`);
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});

const program = commandLine('bench', [
  runCommand(),
  pacedCommand(),
  k6Command(),
  compareCommand(),
  sweepCommand(),
  scaleCommand(),
  apiCommand(),
  contendersCommand(),
  newContenderCommand(),
  daprYamlCommand(),
  composeCommand(),
  chaosCommand(),
  exportCommand(),
  reportCommand(),
  historyCommand(),
  dlqCommand(),
  costCommand(),
  pricesCommand(),
  schemaCommand(),
  buildCommand(),
  cacheDirCommand(),
])
  .description(
    'Measures how fast, and at what cost, contenders move orders through Service Bus, Dapr and Blob Storage.',
  )
  .addHelpText('after', '\nmake runs the usual ones of these: make help lists them, with the time that each takes.');
// Commands that hold the checkout or read results report by themselves; this is for the others.
const failed = await withoutCheckout(async () => {
  await program.parseAsync();
  return 0;
});
if (failed !== 0) process.exitCode = failed;

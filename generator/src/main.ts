import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { parseArrival, parseCount, parseDuration, parseSeed, parseShare, parseTime } from './command-arguments.js';
import { INGRESS_QUEUE } from './order-message.js';
import { VariableMissing } from './required-variable.js';

// Loaded where they run: Azure's clients and faker take more time than all else that a wrong flag or --help needs.
const commands = () => import('./commands.js');

// As npm links it: what usage and errors name can be typed as it stands.
const program = new Command('node_modules/.bin/order-generator')
  .description('Makes datasets of orders and schedules them to the ingress queue')
  .version(version(), '--version', 'print the version')
  .addHelpText('after', '\nExit codes: 0 done, 1 failed or too late, 2 wrong use.')
  .exitOverride(error => process.exit(error.exitCode === 0 ? 0 : 2))
  .showHelpAfterError('see node_modules/.bin/order-generator --help');

program
  .command('generate')
  .description('make a dataset and store it as the blob testdata/orders-<count>-<seed>; needs BLOB_CONNECTION_STRING')
  .requiredOption('--count <n>', 'number of orders', parseCount)
  .requiredOption('--seed <n>', 'the same seed gives the same orders', parseSeed)
  .option('--express-share <share>', 'share of Express orders, 0 to 1', parseShare, 0.5)
  .action(async flags => (await commands()).generate(flags));

program
  .command('schedule')
  .description('schedule a stored dataset; needs BLOB_CONNECTION_STRING and SERVICEBUS_CONNECTION_STRING')
  .requiredOption('--count <n>', 'number of orders in the dataset', parseCount)
  .requiredOption('--seed <n>', 'seed of the dataset', parseSeed)
  .option('--at <time>', 'time of the first order, ISO 8601 with Z or an offset', parseTime)
  .option('--in <duration>', 'the same from now on: 500ms, 5s, 2m, 1h', parseDuration)
  .option('--arrival <arrival>', 'burst, or constant:<orders a second>', parseArrival, { kind: 'burst' } as const)
  .option('--queue <name>', 'queue or topic to schedule to', INGRESS_QUEUE)
  .action(async (flags, command) => (await commands()).schedule(flags, command));

for (const command of program.commands) command.showHelpAfterError(`see ${program.name()} ${command.name()} --help`);

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`order-generator: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof VariableMissing ? 2 : 1;
}

function version(): string {
  const about: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  return typeof about === 'object' && about !== null && 'version' in about ? String(about.version) : 'unknown';
}

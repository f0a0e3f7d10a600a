import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import type { Arrival } from './batches.js';
import { parseArrival, parseCount, parseDuration, parseSeed, parseShare, parseTime } from './command-arguments.js';
import { connectBlobs, connectServiceBus, VariableMissing } from './connections.js';
import { loadDataset, storeDataset } from './dataset.js';
import { startProgress } from './progress.js';
import { INGRESS_QUEUE, scheduleOrders } from './schedule.js';

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
  .action(generate);

program
  .command('schedule')
  .description('schedule a stored dataset; needs BLOB_CONNECTION_STRING and SERVICEBUS_CONNECTION_STRING')
  .requiredOption('--count <n>', 'number of orders in the dataset', parseCount)
  .requiredOption('--seed <n>', 'seed of the dataset', parseSeed)
  .option('--at <time>', 'time of the first order, ISO 8601 with Z or an offset', parseTime)
  .option('--in <duration>', 'the same from now on: 500ms, 5s, 2m, 1h', parseDuration)
  .option('--arrival <arrival>', 'burst, or constant:<orders a second>', parseArrival, { kind: 'burst' } as const)
  .option('--queue <name>', 'queue or topic to schedule to', INGRESS_QUEUE)
  .action(schedule);

for (const command of program.commands) command.showHelpAfterError(`see ${program.name()} ${command.name()} --help`);

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`order-generator: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof VariableMissing ? 2 : 1;
}

async function generate(options: { count: number; seed: number; expressShare: number }): Promise<void> {
  const { name, sizeBytes, reused } = await storeDataset({ blobs: connectBlobs(process.env), ...options });
  process.stdout.write(`testdata/${name}: ${sizeBytes} bytes, ${reused ? 'was there already' : 'stored'}\n`);
}

interface ScheduleFlags {
  readonly count: number;
  readonly seed: number;
  readonly at?: number;
  readonly in?: number;
  readonly arrival: Arrival;
  readonly queue: string;
}

async function schedule(flags: ScheduleFlags, command: Command): Promise<void> {
  const atMs = flags.at ?? (flags.in === undefined ? undefined : Date.now() + flags.in);
  if (atMs === undefined || (flags.at !== undefined && flags.in !== undefined)) {
    command.error('error: give either --at or --in');
  }
  const blobs = connectBlobs(process.env);
  const bus = connectServiceBus(process.env);
  try {
    const { name, orders } = await loadDataset({ blobs, count: flags.count, seed: flags.seed });
    const progress = startProgress({ what: `scheduling ${name}`, total: orders.length });
    const done = await scheduleOrders({
      sender: bus.createSender(flags.queue),
      orders,
      atMs,
      arrival: flags.arrival,
      onProgress: progress.update,
      signal: interruption(),
    }).finally(progress.stop);
    const at = new Date(done.scheduledEnqueueTimeMs).toISOString();
    const batches = done.batches === 1 ? '1 batch' : `${done.batches} batches`;
    process.stdout.write(
      `${orders.length} orders scheduled for ${at} in ${done.durationMs} ms (${batches}), ${done.leadMs} ms ahead\n`,
    );
  } finally {
    await bus.close();
  }
}

/** Ctrl-C cancels what was scheduled; a second one ends the process at once. */
function interruption(): AbortSignal {
  const abort = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => abort.abort(new Error(`interrupted by ${name}`)));
  }
  return abort.signal;
}

function version(): string {
  const about: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  return typeof about === 'object' && about !== null && 'version' in about ? String(about.version) : 'unknown';
}

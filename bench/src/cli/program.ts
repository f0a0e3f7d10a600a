import type { Command } from 'commander';
import { failureText } from '../text/failure-text.js';
import { commandLine } from './command-line.js';
import { withoutCheckout } from './without-checkout.js';

// Whoever reads the output has had enough (`bench export | head -1`): nothing is wrong. What can't be written is said in a line.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') process.stderr.write(`${failureText(error)}\n`);
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});

/** In the order of the help. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  run: async () => (await import('./run.js')).runCommand(),
  paced: async () => (await import('./paced.js')).pacedCommand(),
  k6: async () => (await import('./k6.js')).k6Command(),
  compare: async () => (await import('./compare.js')).compareCommand(),
  sweep: async () => (await import('./sweep.js')).sweepCommand(),
  scale: async () => (await import('./scale.js')).scaleCommand(),
  api: async () => (await import('./api.js')).apiCommand(),
  contenders: async () => (await import('./contenders.js')).contendersCommand(),
  'new-contender': async () => (await import('./new-contender.js')).newContenderCommand(),
  'dapr-yaml': async () => (await import('./dapr-yaml.js')).daprYamlCommand(),
  compose: async () => (await import('./compose.js')).composeCommand(),
  chaos: async () => (await import('./chaos.js')).chaosCommand(),
  export: async () => (await import('./export.js')).exportCommand(),
  report: async () => (await import('./report.js')).reportCommand(),
  history: async () => (await import('./history.js')).historyCommand(),
  dlq: async () => (await import('./dlq.js')).dlqCommand(),
  cost: async () => (await import('./cost.js')).costCommand(),
  prices: async () => (await import('./prices.js')).pricesCommand(),
  schema: async () => (await import('./schema.js')).schemaCommand(),
  build: async () => (await import('./tools.js')).buildCommand(),
  'cache-dir': async () => (await import('./tools.js')).cacheDirCommand(),
};

const program = commandLine('bench', await askedCommands())
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

/** The one that is asked for, or all where none is: a command's start is mostly the reading of its modules. */
function askedCommands(): Promise<Command[]> {
  const [name] = process.argv.slice(2);
  const commands = Object.entries(COMMANDS);
  const asked = commands.filter(([each]) => each === name);
  return Promise.all((asked.length > 0 ? asked : commands).map(([, load]) => load()));
}

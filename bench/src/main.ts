#!/usr/bin/env node
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
import { exitOnWrongUse } from './flags.js';

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
await program.exitOverride(exitOnWrongUse).parseAsync();

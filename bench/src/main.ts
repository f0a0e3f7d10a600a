#!/usr/bin/env node
import { Command } from 'commander';
import { contendersCommand } from './commands/contenders.js';
import { runCommand } from './commands/run.js';
import { buildCommand, cacheDirCommand } from './commands/tools.js';
import { exitOnWrongUse } from './flags.js';

const program = new Command('bench').description(
  'Measures how fast, and at what cost, contenders move orders through Service Bus, Dapr and Blob Storage.',
);
for (const command of [runCommand(), contendersCommand(), buildCommand(), cacheDirCommand()]) {
  program.addCommand(command.exitOverride(exitOnWrongUse));
}
await program.exitOverride(exitOnWrongUse).parseAsync();

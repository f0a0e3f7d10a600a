import { readFileSync } from 'node:fs';
import { Command, type CommanderError } from 'commander';
import * as v from 'valibot';
import { TEXT } from '../text/shape.js';

const PACKAGE = v.object({ version: TEXT });
/** Where npm links the commands of this checkout: what usage and errors name can be typed as it stands. */
const LINKS = 'node_modules/.bin';

/**
 * A program of several commands with `--version`, whose errors name the command that helps, and which ends with 2 on wrong
 * use.
 */
export function commandLine(name: 'bench' | 'rig', commands: readonly Command[]): Command {
  const program = new Command(`${LINKS}/${name}`).version(version(), '--version', 'print the version');
  for (const command of commands) program.addCommand(command);
  return helpful(program, program.name());
}

function helpful(command: Command, typed: string): Command {
  for (const each of command.commands) helpful(each, `${typed} ${each.name()}`);
  return command.exitOverride(endOnWrongUse).showHelpAfterError(`see ${typed} --help`);
}

function version(): string {
  const file = new URL('../../package.json', import.meta.url);
  return v.parse(PACKAGE, JSON.parse(readFileSync(file, 'utf8'))).version;
}

/** What commander itself can't know of a mistake. */
const HINTS: Readonly<Record<string, string>> = {
  'commander.excessArguments':
    'a list of names is separated by blanks (--contenders spin-ts express-ts), a list of values by commas (--vary handlers=4,8)',
};

/** Ends the command with 2 on wrong use (commander has said what is wrong), with 0 after `--help`. */
function endOnWrongUse({ exitCode, code }: CommanderError): never {
  const hint = HINTS[code];
  if (hint !== undefined) process.stderr.write(`${hint}\n`);
  process.exit(exitCode === 0 ? 0 : 2);
}

import { Command } from 'commander';
import { listContenders } from '../contenders/contender.js';

/** `bench contenders`: what this checkout can run. */
export function contendersCommand(): Command {
  return new Command('contenders').description('list the contenders of this checkout').action(async () => {
    for (const { name, description } of await listContenders()) console.log(`${name.padEnd(18)} ${description}`);
  });
}

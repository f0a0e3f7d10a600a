import { checkoutDir, controlStatus, examine } from '@order-bench/rig';
import { Command } from 'commander';
import { execa } from 'execa';
import { VOID_RULES } from '../run/void-rules.js';
import { failureText } from '../text/failure-text.js';
import { commandLine } from './command-line.js';
import { rigDownCommand } from './rig-down.js';
import { rigText } from './rig-text.js';
import { rigUpCommand } from './rig-up.js';

await commandLine('rig', [rigUpCommand(), rigDownCommand(), statusCommand(), logsCommand(), doctorCommand()])
  .description('The one-machine rig: broker, blob server, and a contender with a daprd per app id, to try by hand.')
  .parseAsync()
  .catch((error: unknown) => {
    process.stderr.write(`${failureText(error)}\n`);
    process.exitCode = 1;
  });

function statusCommand(): Command {
  return new Command('status')
    .option('--json', 'everything, for scripts', false)
    .description('what is running in this checkout; exits 1 when nothing is')
    .action(async ({ json }: { json: boolean }) => {
      const holder = await controlStatus(checkoutDir);
      if (holder) console.log(json ? JSON.stringify(holder, null, 2) : rigText(holder));
      else {
        console.log(json ? 'null' : 'no rig is running in this checkout: make rig-up starts one');
        process.exitCode = 1;
      }
    });
}

function logsCommand(): Command {
  return new Command('logs')
    .argument('[process]', 'one process, e.g. app-distributor; without one: all')
    .option('-f, --follow', 'go on as the logs grow', false)
    .description('the logs of the running rig')
    .action(async (name: string | undefined, { follow }: { follow: boolean }) => {
      const holder = await controlStatus(checkoutDir);
      const wanted = holder?.processes.filter(process => name === undefined || process.name === name) ?? [];
      if (wanted.length === 0) {
        const known = holder?.processes.map(process => process.name).join(', ');
        console.error(
          known
            ? `error: no process '${name}': there are ${known}`
            : 'error: no rig is running in this checkout: make rig-up starts one; past logs are in .rig/',
        );
        process.exitCode = 2;
        return;
      }
      const files = wanted.map(({ logFile }) => logFile);
      const tail = ['-n', follow ? '20' : '+1', ...(follow ? ['-F'] : [])];
      await execa('tail', [...tail, ...files], { stdio: 'inherit', reject: false });
    });
}

function doctorCommand(): Command {
  return new Command('doctor')
    .description('check this machine and say what to fix; exits 1 when make bench could not run')
    .action(async () => {
      const findings = await examine(VOID_RULES.maxBusyShareBefore);
      const sign = { ok: 'ok  ', warning: 'warn', failure: 'FAIL' };
      for (const { subject, verdict, detail, remedy } of findings) {
        console.log(`${sign[verdict]}  ${subject.padEnd(10)} ${detail}${remedy ? `\n      -> ${remedy}` : ''}`);
      }
      process.exitCode = findings.some(({ verdict }) => verdict === 'failure') ? 1 : 0;
    });
}

#!/usr/bin/env node
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { BlobServiceClient } from '@azure/storage-blob';
import { APP_IDS } from '@order-bench/orders';
import {
  type ControlStatus,
  checkoutDir,
  controlStatus,
  controlStop,
  examine,
  type Rig,
  startRig,
} from '@order-bench/rig';
import { Command } from 'commander';
import { execa } from 'execa';
import { withCheckout } from './cli/with-checkout.js';
import { appsOf } from './contenders/apps.js';
import { prepare } from './contenders/prepare.js';
import type { RigHolder } from './plans/runner.js';
import { failureText } from './text/failure-text.js';
import { exitOnWrongUse } from './text/flags.js';
import { makeOutboxes } from './verify/blob-store.js';
import { QUEUES } from './workload/pipeline.js';

const POLL_MS = 100;

const program = new Command('rig')
  .description(
    'The one-machine rig: broker, blob server, and a contender with a daprd an app id, for trying things by hand.',
  )
  .exitOverride(exitOnWrongUse);

program
  .command('up')
  .argument('[contender]', 'name or folder of the contender to run; without one: broker and blob server only')
  .option('-d, --detach', 'leave it running in the background until `rig down`')
  .description('start a rig and keep it until Ctrl-C or `rig down`')
  .action(async (contender: string | undefined, { detach }: { detach?: boolean }) => {
    process.exitCode = detach
      ? await upDetached(contender)
      : await withCheckout('rig up', session => up(contender, session));
  });

program
  .command('down')
  .description('stop the rig (or the bench) that runs in this checkout')
  .action(async () => {
    const holder = await controlStop(checkoutDir);
    if (!holder) return console.log('no rig is running in this checkout');
    while (await controlStatus(checkoutDir)) await delay(POLL_MS);
    console.log(`stopped '${holder.command}' (process ${holder.pid})`);
  });

program
  .command('status')
  .option('--json', 'everything, for scripts')
  .description('what is running in this checkout; exits 1 when nothing is')
  .action(async ({ json }: { json?: boolean }) => {
    const holder = await controlStatus(checkoutDir);
    if (holder) console.log(json ? JSON.stringify(holder, null, 2) : describe(holder));
    else {
      console.log(json ? 'null' : 'no rig is running in this checkout');
      process.exitCode = 1;
    }
  });

program
  .command('logs')
  .argument('[process]', 'one process, e.g. app-distributor; without one: all')
  .option('-f, --follow', 'go on as the logs grow')
  .description('the logs of the running rig')
  .action(async (name: string | undefined, { follow }: { follow?: boolean }) => {
    const holder = await controlStatus(checkoutDir);
    const files =
      holder?.processes.filter(process => name === undefined || process.name === name).map(({ logFile }) => logFile) ??
      [];
    if (files.length === 0) {
      const known = holder?.processes.map(process => process.name).join(', ');
      console.error(
        known
          ? `error: no process '${name}': there are ${known}`
          : 'error: no rig is running in this checkout; past logs are in .rig/',
      );
      process.exitCode = 2;
      return;
    }
    await execa('tail', ['-n', follow ? '20' : '+1', ...(follow ? ['-F'] : []), ...files], {
      stdio: 'inherit',
      reject: false,
    });
  });

program
  .command('doctor')
  .description('check this machine and say what to fix; exits 1 when `make bench` could not run')
  .action(async () => {
    const findings = await examine();
    const sign = { ok: 'ok  ', warning: 'warn', failure: 'FAIL' };
    for (const { subject, verdict, detail, remedy } of findings) {
      console.log(`${sign[verdict]}  ${subject.padEnd(10)} ${detail}${remedy ? `\n      -> ${remedy}` : ''}`);
    }
    process.exitCode = findings.some(({ verdict }) => verdict === 'failure') ? 1 : 0;
  });

await program.parseAsync().catch((error: unknown) => {
  process.stderr.write(`${failureText(error)}\n`);
  process.exitCode = 1;
});

async function up(name: string | undefined, { signal, setRig }: RigHolder): Promise<number> {
  const prepared = name === undefined ? undefined : await prepare({ contenders: [name], runtime: [] });
  const [ready] = prepared?.contenders.values() ?? [];
  const { contender } = ready ?? {};
  const startedAtMs = performance.now();
  const runDir = join(checkoutDir, '.rig', 'up');
  // The logs of the last one would be read as this one's.
  await rm(runDir, { recursive: true, force: true });
  const rig: Rig = await startRig({
    runDir,
    queues: QUEUES,
    apps: ready ? appsOf(ready.contender, APP_IDS, ready.runtime) : [],
    blobs: 'local',
    daprd: prepared?.daprd.command ?? [],
    ...(contender?.handlers === undefined ? {} : { handlers: contender.handlers }),
  });
  try {
    setRig(rig);
    await makeOutboxes(BlobServiceClient.fromConnectionString(rig.blobConnectionString));
    console.log(
      `ready after ${((performance.now() - startedAtMs) / 1000).toFixed(1)} s; Ctrl-C or 'make rig-down' ends it`,
    );
    console.log(
      describe({
        ...rig,
        pid: process.pid,
        command: 'rig up',
        startedAt: new Date().toISOString(),
        processes: rig.supervisor.processes,
      }),
    );
    const stopped = once(signal, 'abort');
    if (!signal.aborted) await Promise.race([stopped, rig.supervisor.failure]);
    return 0;
  } finally {
    await rig.stop();
  }
}

/** Starts `rig up` as a process of its own and waits until its rig is up. */
async function upDetached(name: string | undefined): Promise<number> {
  const busy = await controlStatus(checkoutDir);
  if (busy) {
    console.error(
      `error: this checkout is in use by '${busy.command}' (process ${busy.pid}); stop it with 'make rig-down'`,
    );
    return 2;
  }
  const args = [fileURLToPath(import.meta.url), 'up', ...(name === undefined ? [] : [name])];
  // A file, not this terminal: whoever reads the output of this command would wait for the rig's end.
  await mkdir(join(checkoutDir, '.rig'), { recursive: true, mode: 0o700 });
  const logFile = join(checkoutDir, '.rig', 'up.log');
  const log = openSync(logFile, 'w', 0o600);
  const child = spawn(process.execPath, args, { detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  const exited = once(child, 'exit').then(([code]) => Number(code));
  for (;;) {
    const ended = await Promise.race([exited, delay(POLL_MS)]);
    if (ended !== undefined) {
      const said = await readFile(logFile, 'utf8');
      process.stderr.write(
        said || `error: 'rig up' ended with code ${ended} and could not say why: run it without --detach\n`,
      );
      return ended === 0 ? 1 : ended;
    }
    const holder = await controlStatus(checkoutDir);
    if (holder?.logDir === undefined) continue;
    console.log(describe(holder));
    child.unref();
    return 0;
  }
}

function describe({
  pid,
  command,
  startedAt,
  logDir,
  serviceBusConnectionString,
  blobConnectionString,
  processes,
}: ControlStatus): string {
  const rows = processes.map(
    process => `  ${process.name.padEnd(24)} ${process.role.padEnd(6)} process ${process.pid}`,
  );
  return [
    `'${command}' (process ${pid}) since ${startedAt}`,
    ...rows,
    ...(logDir === undefined ? [] : [`logs: ${logDir}`]),
    ...(serviceBusConnectionString === undefined
      ? []
      : [`export SERVICEBUS_CONNECTION_STRING='${serviceBusConnectionString}'`]),
    ...(blobConnectionString === undefined ? [] : [`export BLOB_CONNECTION_STRING='${blobConnectionString}'`]),
  ].join('\n');
}

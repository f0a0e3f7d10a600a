import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { BlobServiceClient } from '@azure/storage-blob';
import { APP_IDS } from '@order-bench/orders';
import { checkoutDir, controlStatus, startRig } from '@order-bench/rig';
import { Command } from 'commander';
import { appsOf } from '../contenders/apps.js';
import { prepare } from '../contenders/prepare.js';
import type { RigHolder } from '../plans/runner.js';
import { makeOutboxes } from '../verify/blob-store.js';
import { ALL_ENTITIES, pipelineOf } from '../workload/pipeline.js';
import { rigText } from './rig-text.js';
import { untilStopped, withCheckout } from './with-checkout.js';

const POLL_MS = 100;
const WRONG_USE = 2;

/** `rig up`: a rig that stays, for trying things by hand. */
export function rigUpCommand(): Command {
  return new Command('up')
    .argument('[contender]', 'name or folder of the contender to run; without one: broker and blob server only')
    .option('-d, --detach', 'leave it running in the background; make rig-down ends it', false)
    .description('start a rig and keep it until Ctrl-C or make rig-down')
    .action(async (contender: string | undefined, { detach }: { detach: boolean }) => {
      process.exitCode = detach
        ? await upDetached(contender)
        : await withCheckout(rigUp(contender), session => up(contender, session));
    });
}

/** What a checkout is held by while such a rig is up. */
function rigUp(contender: string | undefined): string {
  return contender === undefined ? 'rig up' : `rig up ${contender}`;
}

async function up(name: string | undefined, session: RigHolder): Promise<number> {
  const prepared = name === undefined ? undefined : await prepare({ contenders: [name], runtime: [] });
  const [ready] = prepared?.contenders.values() ?? [];
  const { contender } = ready ?? {};
  const startedAtMs = performance.now();
  const runDir = join(checkoutDir, '.rig', 'up');
  // The logs of the last one would be read as this one's.
  await rm(runDir, { recursive: true, force: true });
  const rig = await startRig({
    runDir,
    ...(contender ? pipelineOf(contender).entities : ALL_ENTITIES),
    apps: ready ? appsOf(ready.contender, APP_IDS, ready.runtime) : [],
    blobs: 'local',
    daprd: prepared?.daprd.command ?? [],
    ...(contender?.handlers === undefined ? {} : { handlers: contender.handlers }),
  });
  try {
    session.setRig(rig);
    await makeOutboxes(BlobServiceClient.fromConnectionString(rig.blobConnectionString));
    console.log(`ready after ${((performance.now() - startedAtMs) / 1000).toFixed(1)} s; Ctrl-C ends it`);
    const holder = await controlStatus(checkoutDir);
    if (holder) console.log(rigText(holder));
    await untilStopped(session, rig);
    return 0;
  } finally {
    await rig.stop();
  }
}

/** Starts `rig up` as a process of its own and waits until its rig is up. */
async function upDetached(name: string | undefined): Promise<number> {
  let holder = await controlStatus(checkoutDir);
  // One that another terminal has just started is not up yet.
  while (holder?.command === rigUp(name)) {
    if (holder.logDir !== undefined) {
      console.log(`already up\n${rigText(holder)}`);
      return 0;
    }
    await delay(POLL_MS);
    holder = await controlStatus(checkoutDir);
  }
  if (holder) {
    console.error(
      `error: this checkout is in use by '${holder.command}' (process ${holder.pid}): end it first with make rig-down`,
    );
    return WRONG_USE;
  }
  const args = [fileURLToPath(new URL('../rig-main.js', import.meta.url)), 'up', ...(name === undefined ? [] : [name])];
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
        said ||
          `error: 'rig up' ended with code ${ended} and could not say why: try node_modules/.bin/rig up, without --detach\n`,
      );
      return ended === 0 ? 1 : ended;
    }
    const started = await controlStatus(checkoutDir);
    if (started?.logDir === undefined) continue;
    console.log(rigText(started));
    child.unref();
    return 0;
  }
}

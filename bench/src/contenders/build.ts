import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { APP_IDS } from '@order-bench/orders';
import {
  cacheDir,
  checkoutDir,
  claimPorts,
  compileSpinApp,
  Supervisor,
  ToolMissing,
  withProgress,
} from '@order-bench/rig';
import { execa } from 'execa';
import { UsageError } from '../text/usage-error.js';
import { appsOf } from './apps.js';
import { type Contender, spinManifest } from './contender.js';
import { type Runtime, runtimeTitle } from './runtime.js';

/** A contender that is built, and what its processes run on. Its name tells both (`contenderLabel`). */
export interface ReadyContender {
  readonly contender: Contender;
  readonly runtime: Runtime;
}

/**
 * The exit code by which a contender's build says that this machine lacks something, and its output what: EX_UNAVAILABLE of
 * sysexits(3).
 */
const UNAVAILABLE = 69;

/** This machine lacks what a contender is built with. */
export class CannotBuild extends ToolMissing {}

/**
 * Builds a contender by its own command, and has the components of a Spin contender compiled by what will run them, so that
 * no start, no run and no peak of memory holds a compiler.
 *
 * @throws CannotBuild where the build says that this machine lacks something; UsageError with the end of its output when it
 *   fails otherwise; ProcessFailed when a component does not start.
 */
export async function buildContender(ready: ReadyContender): Promise<void> {
  const { contender, runtime } = ready;
  const [program, ...args] = contender.build ?? [];
  if (program !== undefined) {
    // Where a build keeps what takes long (apps/spin/make-component.mjs).
    const env = { COMPONENTS_DIR: join(cacheDir(), 'wasm-components') };
    const build = () => execa(program, args, { cwd: contender.dir, env, all: true, reject: false, stdin: 'ignore' });
    const what = `building ${contender.name}: ${[program, ...args].join(' ')}`;
    const { failed, exitCode, all } = await withProgress(what, async () => await build());
    const end = String(all).split('\n').slice(-20).join('\n');
    if (exitCode === UNAVAILABLE) throw new CannotBuild(`${contender.name} can't be built here: ${end}`);
    if (failed) throw new UsageError(`building ${contender.name} in ${contender.dir} failed:\n${end}`);
  }
  if (runtime.kind === 'stand-in') await compileSpinApp(runtime.command, spinManifest(contender));
  if (runtime.kind === 'spin') await compileOnSpin(ready);
}

/** Components that are compiled start within a second; on two cores Spin needs 20 to 30 s for three that are not. */
const COMPILE_TIMEOUT_MS = 600_000;
const HOST = '127.0.0.1';

/** Spin has no command that compiles: it does so at a component's first start, and keeps what comes of it for the user. */
async function compileOnSpin({ contender, runtime }: ReadyContender): Promise<void> {
  const runDir = join(checkoutDir, '.rig', `compile-${process.pid}`);
  const appIds = contender.appIds ?? APP_IDS;
  const claim = await claimPorts(appIds.length);
  const supervisor = new Supervisor({ logDir: join(runDir, 'logs'), claim });
  const specs = appsOf(contender, appIds, runtime).map((app, index) => {
    const port = claim.ports[index] ?? 0;
    const addresses = {
      ...{ appId: app.appId, host: HOST, port, daprHost: HOST, daprPort: 0, daprUrl: `http://${HOST}:1` },
      ...{ serviceBusConnectionString: '', blobConnectionString: '', stateDir: join(runDir, app.appId) },
    };
    return {
      ...app.launch(addresses),
      name: app.appId,
      role: 'app' as const,
      readyUrl: `http://${HOST}:${port}${app.healthPath}`,
      readyTimeoutMs: COMPILE_TIMEOUT_MS,
    };
  });
  try {
    await withProgress(`having the components of ${contender.name} compiled by ${runtimeTitle(runtime)}`, () =>
      supervisor.start(specs),
    );
  } finally {
    await supervisor.stop();
  }
  // Kept where it fails: the message names a log in it.
  await rm(runDir, { recursive: true, force: true });
}

import { join, resolve } from 'node:path';
import { checkoutDir } from '../checkout.js';
import { listItem } from './daprd-arguments.js';
import { builtGoTool, type GoTool, goVersion } from './go-tool.js';
import { isAtLeast, programVersion } from './program-version.js';
import type { ProgressOutput } from './progress.js';
import { type Tool, ToolMissing } from './tool.js';

/** The first release whose Resiliency retries by status code, without which an outage dead-letters good orders. */
const OLDEST_DAPRD = '1.15.0';
const SOURCE_DIR = join(checkoutDir, 'local', 'daprd');
const DAPRD_SOURCE: GoTool = {
  name: 'daprd',
  sourceDir: SOURCE_DIR,
  package: '.',
  module: 'github.com/dapr/dapr',
  duration: '2 to 3 minutes',
  otherwise: `, or set DAPRD to the path of a daprd ${OLDEST_DAPRD} or newer`,
  // Where Dapr keeps its version: for `--version` and the API, and for logs and the name it gives itself at Azure.
  variables: version => [
    `github.com/dapr/dapr/pkg/buildinfo.version=${version}`,
    `github.com/dapr/kit/logger.DaprVersion=${version}`,
  ],
};
/** Puts the middleware that only our own build has in its place (local/daprd/unanswered.go). */
const REFUSE_UNANSWERED = [
  ...['--resources-path', listItem(join(SOURCE_DIR, 'resources'))],
  ...['--config', listItem(join(SOURCE_DIR, 'configuration.yaml'))],
];

/**
 * The slim daprd of this repository, built on the first call and kept; or the one that `DAPRD` names, with a warning, for
 * only ours has the middleware that keeps it from losing messages (docs/reliability.md).
 *
 * @param output where to warn; standard error, which leaves standard output to results.
 * @throws ToolMissing when there is no usable Go, or `DAPRD` names no usable daprd; Error with the log of a failed build.
 */
export async function findDaprd(output: ProgressOutput = process.stderr): Promise<Tool> {
  const named = await namedDaprd();
  if (named === undefined) return builtDaprd();
  output.write(
    `warning: DAPRD is ${named.path} (${named.version}). It may lose orders when an app crashes (docs/reliability.md); ` +
      'unset DAPRD to run the daprd that is built here.\n',
  );
  return named;
}

/**
 * The daprd that the environment variable `DAPRD` names; undefined where it is not set.
 *
 * @throws ToolMissing when there is no such file, or it tells no version, or one that is too old.
 */
export async function namedDaprd(): Promise<Tool | undefined> {
  const { DAPRD } = process.env;
  if (!DAPRD) return undefined;
  // What is started with it runs in other folders.
  const path = resolve(DAPRD);
  const version = await programVersion(path);
  if (version && isAtLeast(version, OLDEST_DAPRD)) return { kind: 'user', path, version, command: [path] };
  const fault = version ? `is version ${version}` : 'is no program that answers to --version';
  throw new ToolMissing(
    `DAPRD names ${path}, which ${fault}. ` +
      `Set DAPRD to the path of a daprd ${OLDEST_DAPRD} or newer, or unset it to run the daprd that is built here`,
  );
}

async function builtDaprd(): Promise<Tool> {
  const { path, version } = await builtGoTool(DAPRD_SOURCE);
  return { kind: 'built', path, version, command: [path, ...REFUSE_UNANSWERED] };
}

/**
 * The Go that would build daprd.
 *
 * @throws ToolMissing when there is none.
 */
export function daprdCompiler(): Promise<string> {
  return goVersion(DAPRD_SOURCE);
}

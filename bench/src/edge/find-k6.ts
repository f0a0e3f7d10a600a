import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  builtTool,
  checkoutDir,
  executablesNamed,
  isAtLeast,
  programVersion,
  type Tool,
  ToolMissing,
} from '@order-bench/rig';
import { execa } from 'execa';

/** The first release that takes TypeScript as it is. */
const OLDEST_K6 = '1.0.0';
const SOURCE_DIR = join(checkoutDir, 'k6', 'tool');
const VERSION_ARGUMENTS = ['version'];

/**
 * The user's own k6: the first on PATH that runs and is new enough; else the one that k6/tool/go.mod requires, built on the
 * first call and kept.
 *
 * @throws ToolMissing when there is neither a k6 nor a usable Go, Error with the log of a failed build.
 */
export async function findK6(): Promise<Tool> {
  return (await locateK6()) ?? (await builtK6());
}

async function locateK6(): Promise<Tool | undefined> {
  for (const path of await executablesNamed('k6')) {
    const version = await programVersion(path, VERSION_ARGUMENTS);
    if (version && isAtLeast(version, OLDEST_K6)) return { kind: 'user', path, version, command: [path] };
  }
  return undefined;
}

async function builtK6(): Promise<Tool> {
  const version = await requiredVersion();
  const path = await builtTool({
    name: 'k6',
    sourceDir: SOURCE_DIR,
    announcement: `k6 ${version} from source: about 3 minutes on 2 cores`,
    compiler: await compiler(),
    versionArguments: VERSION_ARGUMENTS,
    compile: outDir => {
      const binary = join(outDir, 'k6');
      return {
        command: ['go', 'build', '-ldflags', '-s -w', '-o', binary, 'go.k6.io/k6'],
        // No paths of this machine, no C compiler, no git: the same sources give the same program.
        env: { GOFLAGS: '-trimpath -buildvcs=false -mod=readonly', CGO_ENABLED: '0' },
        binary,
      };
    },
  });
  return { kind: 'built', path, version, command: [path] };
}

async function requiredVersion(): Promise<string> {
  const goMod = join(SOURCE_DIR, 'go.mod');
  const version = /^\s*go\.k6\.io\/k6 v(\S+)/m.exec(await readFile(goMod, 'utf8'))?.[1];
  if (version === undefined) throw new Error(`${goMod} does not require go.k6.io/k6: it tells which k6 to build`);
  return version;
}

/** Asked where go.mod is, Go takes, or fetches, the toolchain that it names. */
async function compiler(): Promise<string> {
  const result = await execa('go', ['env', 'GOVERSION'], { cwd: SOURCE_DIR, reject: false, stdin: 'ignore' });
  if (!result.failed) return result.stdout.trim();
  throw new ToolMissing(
    `there is no k6 ${OLDEST_K6} or newer on PATH, and none can be built without Go (${result.stderr || result.shortMessage}). ` +
      'Install k6 (grafana.com/docs/k6), or Go 1.26 or newer (go.dev/dl)',
  );
}

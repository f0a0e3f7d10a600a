import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { builtTool, checkoutDir } from '@order-bench/rig';
import { execa } from 'execa';

/** A program built from a Go module at the version that its folder under `tools/` pins. */
export interface GoTool {
  /** Name of the folder under `tools/`, and of the program. */
  readonly name: string;
  /** What is built: a package of a module that the folder's go.mod requires, or `.` for the folder's own. */
  readonly package: string;
  /** The module whose version counts. */
  readonly module: string;
  /** How long a build takes. */
  readonly duration: string;
  /** Variables that hold the version, as for `go build -ldflags -X`; `v` and all. */
  readonly versionVariables?: readonly string[];
  readonly versionArguments?: readonly string[];
}

/** Folder of this workspace. */
export const deployTestDir = join(checkoutDir, 'deploy', 'test');

/**
 * The path of a tool's program: from the user's cache folder, else built there.
 *
 * @throws Error when there is no Go, or with the end of the log of a failed build.
 */
export async function goTool(tool: GoTool): Promise<string> {
  const sourceDir = join(deployTestDir, 'tools', tool.name);
  const version = await requiredVersion(sourceDir, tool.module);
  return builtTool({
    name: tool.name,
    sourceDir,
    announcement: `${tool.name} ${version} from source: ${tool.duration} on 2 cores`,
    compiler: await goVersion(sourceDir),
    ...(tool.versionArguments && { versionArguments: tool.versionArguments }),
    compile: outDir => {
      const binary = join(outDir, tool.name);
      const linker = ['-s', '-w', ...(tool.versionVariables ?? []).map(name => `-X ${name}=${version}`)].join(' ');
      return {
        command: ['go', 'build', '-ldflags', linker, '-o', binary, tool.package],
        // No paths of this machine, no C compiler, no git: the same sources give the same program.
        env: { GOFLAGS: '-trimpath -buildvcs=false -mod=readonly', CGO_ENABLED: '0' },
        binary,
      };
    },
  });
}

/**
 * Folder of the sources of a module that `tools/<name>/go.mod` requires; downloaded on the first call.
 *
 * @throws Error when there is no Go, or the module can't be had or differs from go.sum.
 */
export async function goModuleDir(name: string, module: string): Promise<string> {
  const { stdout } = await execa('go', ['mod', 'download', '-json', module], {
    cwd: join(deployTestDir, 'tools', name),
    stdin: 'ignore',
  });
  const { Dir } = JSON.parse(stdout) as { readonly Dir: string };
  return Dir;
}

async function requiredVersion(dir: string, module: string): Promise<string> {
  const goMod = join(dir, 'go.mod');
  const lines = (await readFile(goMod, 'utf8')).split('\n');
  const version = lines.map(line => line.replace(/^\s*(require\s+)?/, '').split(' ')).find(([name]) => name === module);
  if (version?.[1] === undefined)
    throw new Error(`${goMod} does not require ${module}: it tells which version to build`);
  return version[1];
}

/** Asked where go.mod is, Go takes, or fetches, the toolchain that it names. */
async function goVersion(dir: string): Promise<string> {
  const result = await execa('go', ['env', 'GOVERSION'], { cwd: dir, reject: false, stdin: 'ignore' });
  if (!result.failed) return result.stdout.trim();
  throw new Error(
    `the tools of deploy/test can't be built without Go (${result.stderr || result.shortMessage}): install Go 1.26 or newer (go.dev/dl)`,
  );
}

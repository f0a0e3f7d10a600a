import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { builtTool, type ToolSource } from './built-tool.js';
import { ToolMissing } from './tool.js';

/** A program that is built from a Go module, at the version that the go.mod of its sources requires. */
export interface GoTool extends Pick<ToolSource, 'name' | 'sourceDir' | 'versionArguments'> {
  /** What is built: a package of a module that go.mod requires, or `.` for the sources' own. */
  readonly package: string;
  /** The module whose version counts. */
  readonly module: string;
  /** How long a build takes on 2 cores. */
  readonly duration: string;
  /** What to do where there is no Go, beside installing it: goes on after `Install Go`. */
  readonly otherwise?: string;
  /** Variables that the linker sets, as `<name>=<value>`. */
  readonly variables?: (version: string) => readonly string[];
}

/**
 * Of every Go build here. No paths of this machine, no C compiler, no git: the same sources give the same program. And no
 * debugging data, which the linker would leave out again, by a compiler that collects its garbage less often: a third less CPU
 * per build.
 */
export const GO_BUILD_ENV = {
  GOFLAGS: '-trimpath -buildvcs=false -mod=readonly -gcflags=all=-dwarf=false',
  CGO_ENABLED: '0',
  GOGC: '400',
  // Of each compiler process: on a small machine it collects more often again.
  GOMEMLIMIT: '1GiB',
};

/** A built program. */
export interface BuiltGoTool {
  readonly path: string;
  /** As in `1.18.3`. */
  readonly version: string;
}

/**
 * Builds a program on the first call and keeps it; see builtTool.
 *
 * @throws ToolMissing when there is no Go; Error with the log of a failed build.
 */
export async function builtGoTool(tool: GoTool): Promise<BuiltGoTool> {
  const version = await requiredVersion(tool);
  const linker = ['-s', '-w', ...(tool.variables?.(version) ?? []).map(variable => `-X ${variable}`)].join(' ');
  const path = await builtTool({
    ...tool,
    announcement: `${tool.name} ${version} from source: ${tool.duration} on 2 cores`,
    compiler: await goVersion(tool),
    compile: outDir => {
      const binary = join(outDir, tool.name);
      return {
        command: ['go', 'build', '-ldflags', linker, '-o', binary, tool.package],
        env: GO_BUILD_ENV,
        binary,
      };
    },
  });
  return { path, version };
}

/**
 * The Go that would build a tool. Asked where go.mod is, Go takes, or fetches, the toolchain that it names.
 *
 * @throws ToolMissing when there is none.
 */
export async function goVersion({
  name,
  sourceDir,
  otherwise = '',
}: Pick<GoTool, 'name' | 'sourceDir' | 'otherwise'>): Promise<string> {
  const result = await execa('go', ['env', 'GOVERSION'], { cwd: sourceDir, reject: false, stdin: 'ignore' });
  if (!result.failed) return result.stdout.trim();
  throw new ToolMissing(
    `${name} is built from source, and that can't be done without Go (${result.stderr || result.originalMessage}). ` +
      `Install Go 1.26 or newer (go.dev/dl)${otherwise}`,
  );
}

async function requiredVersion({ name, sourceDir, module }: GoTool): Promise<string> {
  const goMod = join(sourceDir, 'go.mod');
  const lines = (await readFile(goMod, 'utf8'))
    .split('\n')
    .map(line => line.replace(/^\s*(require\s+)?/, '').split(' '));
  const version = lines.find(([required]) => required === module)?.[1];
  if (version === undefined) throw new Error(`${goMod} does not require ${module}: it tells which ${name} to build`);
  return version.replace(/^v/, '');
}

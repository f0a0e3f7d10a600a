import { join } from 'node:path';
import { builtGoTool, checkoutDir, executablesNamed, isAtLeast, programVersion, type Tool } from '@order-bench/rig';

/** The first release that takes TypeScript as it is. */
const OLDEST_K6 = '1.0.0';
const VERSION_ARGUMENTS = ['version'];

/**
 * The user's own k6: the first on PATH that runs and is new enough; else the one that k6/tool/go.mod requires, built on the
 * first call and kept.
 *
 * @throws ToolMissing when there is neither a k6 nor a usable Go, Error with the log of a failed build.
 */
export async function findK6(): Promise<Tool> {
  for (const path of await executablesNamed('k6')) {
    const version = await programVersion(path, VERSION_ARGUMENTS);
    if (version && isAtLeast(version, OLDEST_K6)) return { kind: 'user', path, version, command: [path] };
  }
  const { path, version } = await builtGoTool({
    name: 'k6',
    sourceDir: join(checkoutDir, 'k6', 'tool'),
    package: 'go.k6.io/k6',
    module: 'go.k6.io/k6',
    duration: 'about 3 minutes',
    otherwise: `, or k6 ${OLDEST_K6} or newer (grafana.com/docs/k6)`,
    versionArguments: VERSION_ARGUMENTS,
  });
  return { kind: 'built', path, version, command: [path] };
}

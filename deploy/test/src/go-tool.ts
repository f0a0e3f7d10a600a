import { join } from 'node:path';
import { builtGoTool, checkoutDir, type GoTool } from '@order-bench/rig';
import { execa } from 'execa';

/** Folder of this workspace. */
export const deployTestDir = join(checkoutDir, 'deploy', 'test');

/**
 * The path of a program that a folder under `tools/` pins, of its own name unless another is given: from the user's cache
 * folder, else built there.
 *
 * @param versionVariable holds the version, `v` and all; without one the program knows it by itself.
 * @throws as builtGoTool.
 */
export async function goTool(
  { folder, ...tool }: Omit<GoTool, 'sourceDir'> & { readonly folder?: string },
  versionVariable?: string,
): Promise<string> {
  const { path } = await builtGoTool({
    ...tool,
    sourceDir: join(deployTestDir, 'tools', folder ?? tool.name),
    ...(versionVariable !== undefined && { variables: version => [`${versionVariable}=v${version}`] }),
  });
  return path;
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

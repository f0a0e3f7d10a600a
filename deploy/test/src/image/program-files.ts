import { chmod, copyFile, cp, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';

/** Copies a program of this machine, and every library that it is linked with, into the folder of an image. */
export async function copyProgram(root: string, program: string, to = program): Promise<void> {
  await copyInto(root, program, to);
  await chmod(join(root, to), 0o755);
  for (const library of await librariesOf(program)) await copyInto(root, library, library);
}

/** As the loader finds them; none for a static program, of which ldd thinks nothing. */
async function librariesOf(program: string): Promise<string[]> {
  const { stdout } = await execa('ldd', [program], { reject: false });
  return [...stdout.matchAll(/^\s*(?:\S+ => )?(\/\S+) \(0x/gm)].map(([, path = '']) => path);
}

async function copyInto(root: string, from: string, to: string): Promise<void> {
  await mkdir(dirname(join(root, to)), { recursive: true });
  await copyFile(from, join(root, to));
}

/** Copies a folder as it is, links and all. */
export async function copyFolder(
  from: string,
  to: string,
  isWanted: (path: string) => boolean = () => true,
): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await cp(from, to, { recursive: true, verbatimSymlinks: true, filter: path => isWanted(path) });
}

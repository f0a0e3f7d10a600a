import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Folders that builds write, inside the sources they read. */
const BUILT = new Set(['target', 'node_modules', 'dist', '.git']);

/**
 * A name for the content of files and folders: 16 hex digits that change when a file's path inside its folder or one of
 * its bytes changes, and stay the same wherever the folder lies and whenever it was written.
 *
 * @param paths files and folders, in an order that counts; folders are read whole but for what builds write into them.
 * @param settings other things that decide the result, such as a compiler's version and flags.
 */
export async function contentHash(paths: readonly string[], settings: readonly string[] = []): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(settings));
  for (const path of paths) {
    for (const file of await filesUnder(path)) {
      const bytes = await readFile(join(path, file));
      // Lengths keep two files from reading as one.
      hash.update(JSON.stringify([file, bytes.length])).update(bytes);
    }
  }
  return hash.digest('hex').slice(0, 16);
}

/** Relative to `path`, in one order on every machine; `['']` when it is a file itself. */
async function filesUnder(path: string): Promise<string[]> {
  if ((await stat(path)).isFile()) return [''];
  const entries = await readdir(path, { withFileTypes: true });
  const found = await Promise.all(
    entries.map(async entry => {
      if (BUILT.has(entry.name)) return [];
      if (!entry.isDirectory()) return [entry.name];
      return (await filesUnder(join(path, entry.name))).map(file => `${entry.name}/${file}`);
    }),
  );
  return found.flat().sort();
}

import { mkdir, rename, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * Writes a value as a JSON file in place of an earlier state of it; a reader sees one or the other, never half of one.
 * The folder is made when missing.
 */
export async function replaceJsonFile(file: string, value: unknown): Promise<void> {
  const dir = dirname(file);
  await mkdir(dir, { recursive: true });
  const unfinished = join(dir, `.${basename(file)}`);
  await writeFile(unfinished, `${JSON.stringify(value, null, 2)}\n`);
  await rename(unfinished, file);
}

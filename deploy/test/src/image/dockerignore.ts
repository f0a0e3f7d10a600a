import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkoutDir } from '@order-bench/rig';

/**
 * What the `.dockerignore` beside a Dockerfile keeps from its build: a test for paths inside the checkout. It knows names,
 * `*`, `**` and comments; no `!`, which nothing here needs.
 *
 * @param file the Dockerfile's path inside the checkout.
 */
export async function ignoredBy(file: string): Promise<(path: string) => boolean> {
  const lines = (await readFile(join(checkoutDir, `${file}.dockerignore`), 'utf8')).split('\n');
  const patterns = lines.filter(line => line !== '' && !line.startsWith('#')).map(pattern);
  // A folder that is kept away keeps all that is in it.
  return path => patterns.some(each => each.test(path));
}

function pattern(line: string): RegExp {
  const text = line
    .replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll(/\*\*\/|\*/g, star => (star === '*' ? '[^/]*' : '(?:.*/)?'));
  return new RegExp(`^${text}(/|$)`);
}

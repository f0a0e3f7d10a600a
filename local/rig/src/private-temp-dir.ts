import { lstat, mkdir } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

const OTHERS_MAY_ENTER = 0o077;

/**
 * This user's folder for sockets, in the temporary folder, which only this user may enter. Its name is known beforehand,
 * so that processes find each other there; hence anybody could have made it first.
 *
 * @throws Error when somebody else owns it or may enter it.
 */
export async function privateTempDir(): Promise<string> {
  const { username, uid } = userInfo();
  const dir = join(tmpdir(), `order-bench-${username}`);
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const found = await lstat(dir);
  if (!found.isDirectory() || found.uid !== uid || (found.mode & OTHERS_MAY_ENTER) !== 0) {
    throw new Error(`${dir} is not a folder of ${username}'s alone: remove it, or set TMPDIR to a folder of your own`);
  }
  return dir;
}

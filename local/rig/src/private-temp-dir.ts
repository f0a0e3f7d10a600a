import { lstat, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const OTHERS_MAY_ENTER = 0o077;
/** Of a socket's path, where a system takes the fewest: macOS has room for 104 bytes with the last one, Linux for 108. */
const MOST_PATH_BYTES = 103;
/** The longest name that is used in it, with the slash before it; see sole-listener.ts. */
const NAME_BYTES = 24;

/**
 * This user's folder for sockets, in the temporary folder, which only this user may enter. Its name is known beforehand,
 * so that processes find each other there; hence anybody could have made it first. It is named by the user's number: in a
 * container the user may have no name.
 *
 * @throws Error when somebody else owns it or may enter it, or where the temporary folder's path is too long for sockets.
 */
export async function privateTempDir(): Promise<string> {
  const uid = process.getuid?.();
  const dir = join(tmpdir(), `order-bench-${uid}`);
  const mostBytes = MOST_PATH_BYTES - NAME_BYTES;
  if (Buffer.byteLength(dir) > mostBytes) {
    throw new Error(
      `${dir} is ${Buffer.byteLength(dir)} bytes long, and a folder of sockets may have ${mostBytes}: set TMPDIR to a shorter path`,
    );
  }
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const found = await lstat(dir);
  if (!found.isDirectory() || found.uid !== uid || (found.mode & OTHERS_MAY_ENTER) !== 0) {
    throw new Error(`${dir} is not a folder of user ${uid} alone: remove it, or set TMPDIR to a folder of your own`);
  }
  return dir;
}

import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/**
 * The folder for what this project builds once and keeps: `order-bench` in the user's cache folder (XDG_CACHE_HOME,
 * else `~/Library/Caches` on macOS, else `~/.cache`). It may be deleted at any time; nothing makes it here. A relative
 * XDG_CACHE_HOME counts as none (XDG Base Directory Specification, "All paths must be absolute").
 *
 * @throws Error where neither the environment nor the system tells a home.
 */
export function cacheDir(): string {
  const { XDG_CACHE_HOME = '' } = process.env;
  if (isAbsolute(XDG_CACHE_HOME)) return join(XDG_CACHE_HOME, 'order-bench');
  return join(home(), process.platform === 'darwin' ? 'Library/Caches' : '.cache', 'order-bench');
}

function home(): string {
  const dir = homeIfAny();
  if (isAbsolute(dir)) return dir;
  throw new Error('there is no home folder: set HOME, or XDG_CACHE_HOME, to a folder of your own (an absolute path)');
}

/** It throws for a user that the system knows nothing of, as in a container, where HOME is not set either. */
function homeIfAny(): string {
  try {
    return homedir();
  } catch {
    return '';
  }
}

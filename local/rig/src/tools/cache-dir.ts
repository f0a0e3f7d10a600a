import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * The folder for what this project builds once and keeps: `order-bench` in the user's cache folder (XDG_CACHE_HOME,
 * else `~/Library/Caches` on macOS, else `~/.cache`). It may be deleted at any time; nothing makes it here.
 */
export function cacheDir(): string {
  const { XDG_CACHE_HOME } = process.env;
  if (XDG_CACHE_HOME) return join(XDG_CACHE_HOME, 'order-bench');
  return join(homedir(), process.platform === 'darwin' ? 'Library/Caches' : '.cache', 'order-bench');
}

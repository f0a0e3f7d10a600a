const NO_SPACE = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);
const NO_RIGHT = new Set(['EACCES', 'EPERM', 'EROFS']);

/**
 * What to tell the user of a failure: what happened and what to do next. Only a mistake in this program is told with the
 * places in the code that it came from.
 */
export function failureText(error: unknown): string {
  if (!(error instanceof Error)) return `error: ${String(error)}`;
  const { code, path } = error as NodeJS.ErrnoException;
  const where = path === undefined ? '' : ` (${path})`;
  if (code !== undefined && NO_SPACE.has(code)) {
    return `error: there is no space left to write to${where}\nfree some: old logs in .rig/, the temporary folder and the cache folder (node_modules/.bin/bench cache-dir names it) may be deleted`;
  }
  if (code !== undefined && NO_RIGHT.has(code)) {
    return `error: ${error.message}\nlet the user that runs this write there, or name another folder`;
  }
  if (isMistake(error))
    return `error: ${error.stack}\nthis is a mistake in the program: please report it with these lines`;
  return `error: ${error.message}`;
}

/** What JavaScript itself throws; what this project throws on purpose is an Error or a class of its own. */
function isMistake(error: Error): boolean {
  return [TypeError, RangeError, ReferenceError, SyntaxError].some(each => error instanceof each);
}

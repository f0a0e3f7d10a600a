import { readFileSync } from 'node:fs';

/** As the doctor wants it. */
const MIN_OPEN_FILES = 1_024;

/**
 * Starts a program by an import that can be caught: its modules are some hundred files, read at once, and where a process
 * may open only a few that is what fails first.
 */
export async function startProgram(load: () => Promise<unknown>): Promise<void> {
  // A write beyond the size that a file may have (ulimit -f) fails then, which is said, and does not end the process.
  process.on('SIGXFSZ', () => undefined);
  // Asked now: at its limit a process can't read that either.
  const mayOpen = openFilesLimit();
  try {
    await load();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Node takes a package whose package.json it can't open for one that is not there.
    const tooFewFiles = code === 'EMFILE' || (code === 'ERR_MODULE_NOT_FOUND' && mayOpen < MIN_OPEN_FILES);
    if (!tooFewFiles) throw error;
    process.stderr.write(
      `error: too many open files: raise the limit (ulimit -n ${MIN_OPEN_FILES}, or more) and start again\n`,
    );
    process.exitCode = 2;
  }
}

/** The hard limit, to which Node raises its own; none where the system does not tell it in /proc. */
function openFilesLimit(): number {
  try {
    const limits = readFileSync('/proc/self/limits', 'utf8');
    return Number(/^Max open files\s+\d+\s+(\d+)/m.exec(limits)?.[1] ?? Number.POSITIVE_INFINITY);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

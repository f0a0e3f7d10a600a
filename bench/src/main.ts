/**
 * Starts the program by an import that can be caught: its modules are some hundred files, read at once, and where a process
 * may open only a few that is what fails first.
 */
try {
  await import('./cli/program.js');
} catch (error) {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== 'EMFILE') throw error;
  process.stderr.write('error: too many open files: raise the limit (ulimit -n 1024, or more) and start again\n');
  process.exitCode = 2;
}

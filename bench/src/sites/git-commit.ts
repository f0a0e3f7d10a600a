import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/**
 * The commit of a checkout, with `-dirty` behind it where tracked files are changed; `unknown` without git, and in a copy
 * without its history, which may lie in another repository.
 */
export async function gitCommit(checkout: string): Promise<string> {
  const git = async (...args: string[]) =>
    (await promisify(execFile)('git', args, { cwd: checkout, env: ownEnvironment() })).stdout.trim();
  try {
    // Fails where an outer repository answers that does not know this checkout's files.
    await git('ls-files', '--error-unmatch', 'package.json');
    const commit = await git('rev-parse', 'HEAD');
    const changes = await git('status', '--porcelain', '--untracked-files=no', '.');
    return changes === '' ? commit : `${commit}-dirty`;
  } catch {
    // A run is still worth something there.
    return 'unknown';
  }
}

/** Without what git sets in a hook and in `git rebase --exec`: it names the repository of that, whatever the folder. */
function ownEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_')));
}

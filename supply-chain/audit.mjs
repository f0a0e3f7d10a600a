/**
 * Asks for known weaknesses of what this project is built from: npm's advisories, Go's (govulncheck) and RustSec's
 * (cargo audit). Exits 1 where one is found; what could not be asked is said, and is no find.
 *
 *   node supply-chain/audit.mjs
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './packages.mjs';

/**
 * `unasked` tells a check that could not ask from one that found something. Advisories of packages that only tests use are
 * told too: they run on the machines of those who work here.
 */
export const checks = [
  {
    title: 'npm packages',
    command: ['npm', 'audit', '--package-lock-only'],
    folder: '.',
    unasked: /audit endpoint returned an error/,
  },
  {
    title: 'Go modules of daprd, as far as it calls them',
    command: ['go', 'run', 'golang.org/x/vuln/cmd/govulncheck@v1.9.0', './...'],
    folder: 'local/daprd',
    unasked: /no such host|dial tcp|proxyconnect/,
  },
  {
    title: 'Rust crates of spin-host',
    command: ['cargo', 'audit'],
    folder: 'local/spin-host',
    unasked: /couldn't fetch advisory database|no such command: `audit`/,
  },
];

/** What a check came to, from how its program ended: `clean`, `found` or `unasked`. */
export function outcome({ error, status, output }, { unasked }) {
  if (error || (status !== 0 && unasked.test(output))) return 'unasked';
  return status === 0 ? 'clean' : 'found';
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const check of checks) {
    const [program, ...args] = check.command;
    const { error, status, stdout, stderr } = spawnSync(program, args, {
      cwd: join(root, check.folder),
      encoding: 'utf8',
    });
    const output = `${stdout ?? ''}${stderr ?? ''}`.trim();
    const result = outcome({ error, status, output }, check);
    console.log(`${check.title}: ${result === 'unasked' ? `not asked (${check.command.join(' ')})` : result}`);
    if (result === 'clean') continue;
    console.log((error?.message ?? output).replace(/^/gm, '  '));
    if (result === 'found') process.exitCode = 1;
  }
}

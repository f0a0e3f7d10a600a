import { execFileSync } from 'node:child_process';

/** Compiles every workspace before the first test, so that no test runs against yesterday's code. */
export default function buildAll(): void {
  execFileSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' });
}

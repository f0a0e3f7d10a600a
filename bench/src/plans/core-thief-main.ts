/**
 * Takes a share of one core away from whatever else runs: `core-thief-main.js <share>`. Until its standard input closes,
 * however its parent went, it computes for nothing so long that its CPU time is that share of the time that went by, and
 * prints `<ms since 1970> <ms of CPU>` ten times a second.
 */
import { setPriority } from 'node:os';

const PERIOD_MS = 10;
const PERIODS_A_LINE = 10;
/** Before anything that is measured, so that it gets its share of a busy core at once. */
const PRIORITY = -10;

const share = Number(process.argv[2]);
try {
  setPriority(PRIORITY);
} catch {
  // It takes a right that few have; then it waits for its turn, and still gets its share.
}

const startedAtMs = performance.now();
const cpuBeforeMs = cpuMs();
let periods = 0;
setInterval(() => {
  const dueMs = cpuBeforeMs + (performance.now() - startedAtMs) * share;
  while (cpuMs() < dueMs);
  periods += 1;
  if (periods % PERIODS_A_LINE === 0) process.stdout.write(`${Date.now()} ${cpuMs()}\n`);
}, PERIOD_MS);

process.stdin.resume().once('close', () => process.exit(0));

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/**
 * The lifeline: a process of its own that outlives a killed parent by a moment.
 *
 * It reads lines `+<pgid>` and `-<pgid>` from standard input, a pipe that only the supervisor holds. When the pipe
 * closes, however the supervisor went (kill -9 included), it kills every process group still on the list and ends.
 */
import { createInterface } from 'node:readline';
import { signalGroup } from './signal-group.js';

const groups = new Set<number>();

// A Ctrl-C in the terminal must not take the lifeline before the processes it guards.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

const lines = createInterface({ input: process.stdin });
lines.on('line', line => {
  const group = Number(line.slice(1));
  if (line.startsWith('+')) groups.add(group);
  else groups.delete(group);
});
lines.on('close', () => {
  for (const group of groups) signalGroup(group, 'SIGKILL');
});

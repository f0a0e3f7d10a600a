import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';

test('a group that may not be killed keeps no other alive', async () => {
  const start = () => spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true });
  const [zombies, other] = [start(), start()];
  onTestFinished(() => {
    for (const each of [zombies, other]) each.kill('SIGKILL');
  });
  // As macOS answers for a group of zombies; and no test may kill what is not its own.
  const refusing = `data:text/javascript,const kill = process.kill; process.kill = (pid, signal) => {
    if (pid === -${zombies.pid}) throw Object.assign(new Error('kill EPERM'), { code: 'EPERM' });
    return kill.call(process, pid, signal);
  }`;
  const script = new URL('../dist/watchdog.js', import.meta.url);
  const watchdog = spawn(process.execPath, ['--import', refusing, script.pathname], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const otherEnded = once(other, 'exit');
  const ended = once(watchdog, 'exit');
  watchdog.stdin.end(`+${zombies.pid}\n+${other.pid}\n`);
  expect(await ended).toEqual([0, null]);
  expect(await otherEnded).toEqual([null, 'SIGKILL']);
});

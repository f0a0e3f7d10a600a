import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';

test('a group that may not be killed keeps no other alive', async () => {
  const start = () => spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true });
  const [zombies, other] = [start(), start()];
  // As macOS answers for a group of zombies; and no test may kill what is not its own.
  const refusing = `data:text/javascript,const kill = process.kill; process.kill = (pid, signal) => {
    if (pid === -${zombies.pid}) throw Object.assign(new Error('kill EPERM'), { code: 'EPERM' });
    return kill.call(process, pid, signal);
  }`;
  const script = new URL('../dist/watchdog.js', import.meta.url);
  const watchdog = spawn(process.execPath, ['--import', refusing, script.pathname], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const ended = Promise.all([once(other, 'exit'), once(watchdog, 'exit')]);
  watchdog.stdin.end(`+${zombies.pid}\n+${other.pid}\n`);
  const [[, signal], [exitCode]] = await ended;
  expect({ signal, exitCode }).toEqual({ signal: 'SIGKILL', exitCode: 0 });
  zombies.kill('SIGKILL');
});

import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { withBuildLock } from './build-lock.js';

test('work under one name is done one at a time', async () => {
  const events: string[] = [];
  const work = (label: string) =>
    withBuildLock('one-at-a-time', async () => {
      events.push(`${label} begins`);
      await new Promise(resolve => setTimeout(resolve, 20));
      events.push(`${label} ends`);
    });
  await Promise.all([work('a'), work('b'), work('c')]);
  for (let i = 0; i < events.length; i += 2) expect(events[i + 1]).toBe(events[i]?.replace('begins', 'ends'));
  expect(events).toHaveLength(6);
});

test('work that fails lets go of its name', async () => {
  await expect(withBuildLock('fails', () => Promise.reject(new Error('no compiler')))).rejects.toThrow('no compiler');
  expect(await withBuildLock('fails', async () => 'next')).toBe('next');
});

test('a process killed while it held a name keeps nobody waiting', async () => {
  const script = `import { withBuildLock } from ${JSON.stringify(new URL('../../dist/tools/build-lock.js', import.meta.url).href)};
    await withBuildLock('killed', () => { console.log('held'); return new Promise(() => setInterval(() => {}, 1000)); });`;
  const holder = execFile(process.execPath, ['--input-type=module', '--eval', script]);
  await once(holder.stdout ?? holder, 'data');
  const waiting = withBuildLock('killed', async () => 'got it');
  holder.kill('SIGKILL');
  expect(await waiting).toBe('got it');
});

import { request } from 'node:http';
import { expect, test, vi } from 'vitest';
import { LivePage, type LivePageOptions } from './live-page.js';

async function opened(told: Partial<LivePageOptions> = {}) {
  const onOpen = vi.fn();
  const page = await LivePage.open({
    title: 'bench <run>',
    deadLetters: () => Promise.resolve('letters\n'),
    metrics: () => Promise.resolve('# metrics\n'),
    targets: () => [{ targets: ['127.0.0.1:5673'], labels: { process: 'broker' } }],
    onOpen,
    ...told,
  });
  return { page, onOpen };
}

/** The status of a request that names another host than it goes to. */
function statusFor(url: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(url, { headers: { host } }, response => resolve(response.resume().statusCode))
      .on('error', reject)
      .end();
  });
}

test('the page and its script are all that is served to a browser, and may load nothing else', async () => {
  const { page } = await opened();
  const html = await fetch(page.url);
  expect(await html.text()).toContain('<h1>bench &lt;run></h1>');
  expect(html.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect((await fetch(`${page.url}page.js`)).headers.get('content-type')).toContain('text/javascript');
  expect((await fetch(`${page.url}package.json`)).status).toBe(404);
  expect((await fetch(page.url, { method: 'POST' })).status).toBe(405);
});

test('a page from elsewhere whose name leads here is refused', async () => {
  const { page } = await opened();
  expect(await statusFor(page.url, 'evil.example')).toBe(403);
  expect(await statusFor(page.url, new URL(page.url).host)).toBe(200);
});

test('who looks is told, and a closed tab is forgotten', async () => {
  const { page, onOpen } = await opened();
  expect(page.isWatched).toBe(false);
  page.send('state', { before: 'anybody looks' });
  const abort = new AbortController();
  const { body } = await fetch(`${page.url}events`, { signal: abort.signal });
  expect(onOpen).toHaveBeenCalledOnce();
  expect(page.isWatched).toBe(true);
  page.send('state', { text: 'two\nlines' });
  const { value } = (await body?.getReader().read()) ?? {};
  expect(Buffer.from(value ?? []).toString()).toBe('event: state\ndata: {"text":"two\\nlines"}\n\n');
  abort.abort();
  await vi.waitUntil(() => !page.isWatched);
  page.send('state', {});
});

test('dead letters are text; where they can’t be read, the page says so', async () => {
  const { page } = await opened();
  expect(await (await fetch(`${page.url}dead-letters`)).text()).toBe('letters\n');
  const { page: broken } = await opened({ deadLetters: () => Promise.reject(new Error('the broker is gone')) });
  const answer = await fetch(`${broken.url}dead-letters`);
  expect(answer.status).toBe(503);
  expect(await answer.text()).toContain('the broker is gone');
});

test('Prometheus gets the runs in its text format, and where the rig is', async () => {
  const { page } = await opened();
  const metrics = await fetch(`${page.url}metrics`);
  expect(metrics.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(await metrics.text()).toBe('# metrics\n');
  const targets = await fetch(`${page.url}targets`);
  expect(targets.headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(await targets.json()).toEqual([{ targets: ['127.0.0.1:5673'], labels: { process: 'broker' } }]);
  const { page: broken } = await opened({ metrics: () => Promise.reject(new Error('no such process')) });
  expect((await fetch(`${broken.url}metrics`)).status).toBe(503);
});

test('a page is on the port that was asked for, and says so where that is taken', async () => {
  const { page } = await opened();
  const { port } = new URL(page.url);
  const again = LivePage.open(TOLD_NOTHING, Number(port));
  await expect(again).rejects.toThrow(`port ${port} on 127.0.0.1 is in use`);
});

const TOLD_NOTHING: LivePageOptions = {
  title: '',
  deadLetters: () => Promise.resolve(''),
  metrics: () => Promise.resolve(''),
  targets: () => [],
  onOpen: () => undefined,
};

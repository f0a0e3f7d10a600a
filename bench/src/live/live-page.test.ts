import { request } from 'node:http';
import { expect, test, vi } from 'vitest';
import { LivePage } from './live-page.js';

async function opened(deadLetters = () => Promise.resolve('letters\n')) {
  const onOpen = vi.fn();
  return { page: await LivePage.open({ title: 'bench <run>', deadLetters, onOpen }), onOpen };
}

/** The status of a request that names another host than it goes to. */
function statusFor(url: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(url, { headers: { host } }, response => resolve(response.resume().statusCode))
      .on('error', reject)
      .end();
  });
}

test('the page and its script are all that is served, and may load nothing else', async () => {
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
  const { page: broken } = await opened(() => Promise.reject(new Error('the broker is gone')));
  const answer = await fetch(`${broken.url}dead-letters`);
  expect(answer.status).toBe(503);
  expect(await answer.text()).toContain('the broker is gone');
});

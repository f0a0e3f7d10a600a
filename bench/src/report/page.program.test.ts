import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumReason, hasChromium, launchChromium } from '../../test-kit/chromium.js';
import { writeFakeReport } from '../../test-kit/fake-report.js';
import { FAKE_CONTENDERS } from '../../test-kit/fake-results.js';

/** What each chart draws of five contenders with ten runs, two paced runs at three rates, and a sweep of 24 cells. */
const MARKS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'at-a-glance': { '.bars rect': 15, '.values text': 15 },
  'time-to-drain': { '.runs circle': 50, '.medians line': 5, '.intervals line': 5 },
  drain: { '.runs path': 50, '.medians path': 5 },
  'cpu-by-role': { '.parts rect': 15, '.totals text': 5 },
  memory: { '.parts rect': 15, '.totals text': 5 },
  'paced-latency': { '.runs path': 30, '.medians path': 15 },
  'hops-burst': { '.hops circle': 45 },
  'hops-paced': { '.hops circle': 45 },
  'sweep-20261120t120000z-5eed5eed-rate': { '.runs circle': 48, '.medians path': 6 },
  'sweep-20261120t120000z-5eed5eed-cpu': { '.runs circle': 48, '.medians path': 6 },
};

function labelOf({ name, settings }: (typeof FAKE_CONTENDERS)[number]): string {
  return settings.framework === 'none' ? `${name} (floor)` : name;
}

/** Unfolded tables that are wider than their place. */
function clipped(page: Page): Promise<string[]> {
  return page.$$eval('.scroll', places =>
    places
      .filter(place => place.closest('details:not([open])') === null)
      .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth + 1)
      .map(place => place.querySelector('table')?.id ?? ''),
  );
}

describe.skipIf(!hasChromium)(`the report's page in headless Chromium${chromiumReason}`, () => {
  let dir: string;
  let url: string;
  let browser: Browser;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'bench-report-'));
    const plan = { seed: 7, runs: 10, paced: true, sweep: true, faults: false };
    url = pathToFileURL((await writeFakeReport(dir, plan)).html).href;
    browser = await launchChromium();
  });

  afterAll(async () => {
    await browser?.close();
    await rm(dir, { recursive: true, force: true });
  });

  async function open({ width = 1280, colorScheme = 'light' as 'light' | 'dark' } = {}): Promise<Page> {
    const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme });
    await page.goto(url);
    return page;
  }

  test('loads nothing else, and says nothing on the console', async () => {
    const page = await browser.newPage();
    const requests: string[] = [];
    const messages: string[] = [];
    page.on('request', request => requests.push(request.url()));
    page.on('console', message => messages.push(message.text()));
    page.on('pageerror', error => messages.push(String(error)));
    await page.goto(url, { waitUntil: 'networkidle' });
    expect(requests.filter(request => !request.startsWith('data:'))).toEqual([url]);
    expect(messages).toEqual([]);
    await page.close();
  });

  test.each(['wide', 'narrow'])('has every chart with all of its data, %s', async format => {
    const page = await open();
    const ids = await page.$$eval('[data-chart]', figures => figures.map(figure => figure.getAttribute('data-chart')));
    expect(ids).toEqual(expect.arrayContaining(Object.keys(MARKS)));
    for (const id of ids) {
      const drawn = `[data-chart="${id}"] .${format} svg :is(path, rect, circle, line)`;
      expect(await page.locator(drawn).count(), `${id}`).toBeGreaterThan(0);
    }
    for (const [id, marks] of Object.entries(MARKS)) {
      for (const [selector, count] of Object.entries(marks)) {
        const found = await page.locator(`[data-chart="${id}"] .${format} svg ${selector}`).count();
        expect(found, `${id} ${selector}`).toBe(count);
      }
    }
    await page.close();
  });

  test('names and describes each chart', async () => {
    const page = await open();
    for (const svg of await page.locator('[data-chart] svg').all()) {
      expect(await svg.getAttribute('role')).toBe('img');
      expect((await svg.getAttribute('aria-label'))?.length).toBeGreaterThan(40);
      expect(await svg.locator('> title').textContent()).not.toBe('');
      expect(await svg.locator('> desc').textContent()).not.toBe('');
    }
    await page.close();
  });

  test('sorts a table by a click and by the keyboard', async () => {
    const page = await open();
    const header = page.locator('#figures thead th').nth(2);
    const firsts = () => page.$$eval('#figures tbody th', cells => cells.map(cell => cell.textContent));
    const slowestFirst = FAKE_CONTENDERS.toSorted((a, b) => b.t100Ms - a.t100Ms).map(labelOf);
    await header.locator('button').click();
    expect(await header.getAttribute('aria-sort')).toBe('ascending');
    expect((await firsts())[0]).toBe(slowestFirst.at(-1));
    await header.locator('button').focus();
    await page.keyboard.press('Enter');
    expect(await header.getAttribute('aria-sort')).toBe('descending');
    expect((await firsts())[0]).toBe(slowestFirst[0]);
    await page.locator('#figures thead th').first().locator('button').focus();
    await page.keyboard.press('Space');
    expect(await header.getAttribute('aria-sort')).toBeNull();
    expect(await firsts()).toEqual(FAKE_CONTENDERS.map(labelOf).sort());
    await page.close();
  });

  test.each([360, 768, 1280])('does not scroll sideways at %i px', async width => {
    const page = await open({ width });
    const overflow = await page.locator('html').evaluate(root => root.scrollWidth - root.clientWidth);
    expect(overflow).toBe(0);
    await page.close();
  });

  test('clips no table at 1200 px, folded or not', async () => {
    const page = await open({ width: 1200 });
    for (const details of await page.locator('details').all()) {
      await details.evaluate(own => own.setAttribute('open', ''));
    }
    expect(await clipped(page)).toEqual([]);
    expect(await page.locator('.hint:visible').count()).toBe(0);
    await page.close();
  });

  test('says of each table that it scrolls, and draws its lines through, on a phone', async () => {
    const page = await open({ width: 390 });
    const wide = await clipped(page);
    expect(wide).toContain('figures');
    expect(wide).not.toContain('sides');
    await page.locator('figure.is-wide .hint').first().waitFor();
    const hinted = await page.$$eval('figure.is-wide table', tables => tables.map(({ id }) => id));
    expect(hinted).toEqual(wide);
    const borders = "getComputedStyle(document.querySelector('#figures')).borderCollapse";
    expect(await page.evaluate<string>(borders)).toBe('separate');
    await page.close();
  });

  test('folds what a reader need not see first, and opens by a click', async () => {
    const page = await open();
    expect(await page.locator('#pairs-t100Ms').isVisible()).toBe(false);
    await page.locator('summary', { hasText: 'All 10 pairs' }).click();
    expect(await page.locator('#pairs-t100Ms').isVisible()).toBe(true);
    await page.close();
  });

  test('shows the charts of a phone on a phone only', async () => {
    const [desk, phone] = [await open(), await open({ width: 360 })];
    expect(await desk.locator('[data-chart="drain"] .wide').isVisible()).toBe(true);
    expect(await desk.locator('[data-chart="drain"] .narrow').isVisible()).toBe(false);
    expect(await phone.locator('[data-chart="drain"] .wide').isVisible()).toBe(false);
    expect(await phone.locator('[data-chart="drain"] .narrow').isVisible()).toBe(true);
    await Promise.all([desk.close(), phone.close()]);
  });

  test('has colours of its own in the dark', async () => {
    const colours = async (colorScheme: 'light' | 'dark') => {
      const page = await open({ colorScheme });
      const read = (selector: string, property: string) =>
        page.evaluate<string>(
          `getComputedStyle(document.querySelector('${selector}')).getPropertyValue('${property}')`,
        );
      const found = {
        ground: await read('body', 'background-color'),
        ink: await read('body', 'color'),
        line: await read('[data-chart="drain"] .wide .medians path', 'stroke'),
        label: await read('[data-chart="drain"] .wide text', 'fill'),
      };
      await page.close();
      return found;
    };
    const [light, dark] = [await colours('light'), await colours('dark')];
    for (const key of ['ground', 'ink', 'line', 'label'] as const) expect(light[key], key).not.toBe(dark[key]);
  });
});

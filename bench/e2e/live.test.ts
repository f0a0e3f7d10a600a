import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { checkoutDir } from '@order-bench/rig';
import { execa } from 'execa';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumReason, hasChromium, launchChromium } from '../test-kit/chromium.js';
import { metricFamilies } from '../test-kit/metric-families.js';

/** Each is refused ten times, and daprd takes ten refusals a second: the drain lasts as many seconds. */
const MALFORMED = 15;

describe.skipIf(!hasChromium)(`bench run --live in headless Chromium${chromiumReason}`, () => {
  let browser: Browser;
  let results: string;

  beforeAll(async () => {
    results = await mkdtemp(join(tmpdir(), 'live-'));
    browser = await launchChromium();
  });

  afterAll(async () => {
    await browser?.close();
    await rm(results, { recursive: true, force: true });
  });

  it('shows a drain as it goes, its dead letters, and what became of it; a closed tab changes nothing', {
    timeout: 180_000,
  }, async () => {
    const args = ['--orders', '1500', '--warm-up', '200', '--malformed', String(MALFORMED)];
    const run = execa(
      'node',
      [
        join(checkoutDir, 'bench/dist/main.js'),
        'run',
        '--live',
        '--contenders',
        'express-ts',
        '--results',
        results,
        ...args,
      ],
      { reject: false, all: true },
    );
    try {
      const url = await urlIn(run.stderr);
      const closed = await browser.newPage();
      await closed.goto(url);
      const page = await browser.newPage({ viewport: { width: 390, height: 800 } });
      const faults: string[] = [];
      page.on('pageerror', error => faults.push(error.message));
      page.on('console', message => message.type() === 'error' && faults.push(message.text()));
      await page.goto(url);
      await closed.close();

      await page.locator('#step', { hasText: /draining$/ }).waitFor(LONG);
      await page.locator('#figures', { hasText: 'of 1,500 written' }).waitFor(LONG);
      await page.locator('#chart .narrow svg').waitFor(LONG);
      await page.locator('#cpu tr', { hasText: 'dapr' }).waitFor(LONG);
      const ingress = page.locator('#queues tr', { hasText: 'q-order-ingress' });
      await ingress.locator('td:last-child', { hasText: /^[1-9]/ }).waitFor(LONG);
      const letter = await fetch(`${url}dead-letters`);
      expect(await letter.text()).toMatch(/message id +malformed-\d+/);
      expect(await overflowOf(page)).toBe(0);
      await scrapedAsPrometheusDoes(url);

      const { exitCode, all } = await run;
      expect(exitCode, all).toBe(0);
      await page.locator('#ended tr', { hasText: 'express-ts' }).waitFor(LONG);
      await page.locator('#lost', { hasText: 'the command has ended' }).waitFor(LONG);
      expect(faults.filter(text => !text.includes('ERR_CONNECTION') && !text.includes('ERR_INCOMPLETE'))).toEqual([]);
    } finally {
      run.kill();
    }
  });
});

const LONG = { timeout: 120_000 };

/** The first line that says where the page is. */
async function urlIn(stderr: Readable): Promise<string> {
  const lines = createInterface(stderr);
  for (;;) {
    const [line] = await once(lines, 'line');
    const [, url] = /^live: (http:\/\/127\.0\.0\.1:\d+\/)$/.exec(String(line)) ?? [];
    if (url !== undefined) return url;
  }
}

/** The run itself, and all that it says is to be scraped beside it. */
async function scrapedAsPrometheusDoes(url: string): Promise<void> {
  const runs = metricFamilies(await (await fetch(`${url}metrics`)).text());
  expect(runs.get('order_bench_run_orders_expected')?.samples).toMatchObject([{ value: 1500 }]);
  const processes = runs.get('order_bench_process_cpu_seconds_total')?.samples.map(({ labels }) => labels.process);
  expect(processes).toEqual(expect.arrayContaining(['app-distributor', 'daprd-distributor', 'broker']));
  const found = (await (await fetch(`${url}targets`)).json()) as readonly Scraped[];
  expect(found.map(({ labels }) => labels.process)).toEqual([
    ...['broker', 'blob'],
    ...['daprd-distributor', 'daprd-receiver-express', 'daprd-receiver-standard'],
  ]);
  for (const { targets } of found) {
    for (const target of targets) {
      const response = await fetch(`http://${target}/metrics`);
      expect(metricFamilies(await response.text()).size).toBeGreaterThan(10);
    }
  }
}

interface Scraped {
  readonly targets: readonly string[];
  readonly labels: { readonly process: string };
}

/** How far the page is wider than its window, in px. */
function overflowOf(page: Page): Promise<number> {
  return page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}

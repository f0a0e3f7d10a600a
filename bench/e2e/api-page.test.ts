import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Partner } from '@order-bench/app-contract';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { chromiumReason, hasChromium, launchChromium } from '../test-kit/chromium.js';
import { type ApiUnderTest, startApi } from './started-api.js';

/** Where screenshots go for who wants to look at them; nowhere by default. */
const SHOTS = process.env.API_SHOTS;
const LIMIT_MS = 60_000;

/** An import that takes long enough to be cancelled. */
const MANY_ORDERS = {
  name: 'orders.ndjson',
  mimeType: 'application/x-ndjson',
  buffer: Buffer.from('{"delivery":"Express"}\n'.repeat(5_000)),
};

describe.skipIf(!hasChromium).each(['express-ts', 'spin-ts'])(
  `the page of the Order API in front of %s, in headless Chromium${chromiumReason}`,
  contender => {
    let shop: Server;
    let shopUrl: string;
    let api: ApiUnderTest;
    let partner: Partner;
    let browser: Browser;
    let pages: Page[] = [];
    let messages: string[] = [];

    beforeAll(async () => {
      // Another origin: it has the page's files, and no API.
      shop = createServer(async (request, response) => {
        const { pathname } = new URL(request.url ?? '/', 'http://shop');
        const file = await fetch(api.url + pathname);
        response.setHeader('content-type', file.headers.get('content-type') ?? '');
        response.end(await file.text());
      });
      shop.listen(0, '127.0.0.1');
      await once(shop, 'listening');
      shopUrl = `http://127.0.0.1:${(shop.address() as AddressInfo).port}`;
      api = await startApi(contender, [shopUrl]);
      partner = await Partner.start();
      browser = await launchChromium();
    }, 600_000);

    afterEach(async () => {
      for (const page of pages) await page.close();
      pages = [];
      messages = [];
    });

    afterAll(async () => {
      await browser?.close();
      await partner?.stop();
      await api?.stop();
      shop?.close();
      shop?.closeAllConnections();
    });

    async function open(
      url: string,
      { width = 1200, colorScheme = 'light' as 'light' | 'dark', headers = {} as Record<string, string> } = {},
    ): Promise<Page> {
      const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme, extraHTTPHeaders: headers });
      page.setDefaultTimeout(LIMIT_MS);
      pages.push(page);
      page.on('console', message => messages.push(message.text()));
      page.on('pageerror', error => messages.push(String(error)));
      await page.goto(url);
      return page;
    }

    const openHome = (options: Parameters<typeof open>[1] = {}) => open(`${api.url}/#token=${api.token}`, options);
    const overflow = (page: Page) => page.locator('html').evaluate(root => root.scrollWidth - root.clientWidth);
    const ground = (page: Page) =>
      page.evaluate<string>("getComputedStyle(document.body).getPropertyValue('background-color')");

    it('takes an order and follows it until it is written', { timeout: LIMIT_MS }, async () => {
      const page = await openHome();
      expect(page.url()).toBe(`${api.url}/`);
      await page.fill('#order [name=firstName]', '<b>Ann</b> & "Bob"');
      await page.click('#order button');
      await page.waitForSelector('#orders [data-status=written]');
      await page.click('#orders button');
      const shown = page.locator('#shown[open]');
      await shown.locator('h1', { hasText: 'written' }).waitFor();
      expect(await shown.textContent()).toContain('<b>Ann</b> & "Bob"');
      expect(await shown.locator('td b').count()).toBe(0);
      await shown.locator('a', { hasText: 'All orders' }).click();
      await shown.locator('h1', { hasText: 'Written orders' }).waitFor();
      expect(await shown.locator('tbody tr').count()).toBeGreaterThan(0);
      expect(messages).toEqual([]);
    });

    it('shows how far an import is, and what became of its lines', { timeout: LIMIT_MS }, async () => {
      const page = await openHome();
      await page.click('#import button[type=submit]');
      await page.waitForSelector('#imports [data-status=succeeded]');
      expect(await page.locator('#imports tr').textContent()).toContain('3 of 3, 1 refusedsucceeded');
      await page.locator('#imports button', { hasText: 'Lines' }).click();
      await page.locator('#shown[open] pre', { hasText: '3,,400,delivery,' }).waitFor();
      expect(messages).toEqual([]);
    });

    it('cancels an import', { timeout: LIMIT_MS }, async () => {
      const page = await openHome();
      await page.setInputFiles('#import [name=file]', MANY_ORDERS);
      await page.click('#import button[type=submit]');
      await page.locator('#imports button', { hasText: 'Cancel' }).click();
      await page.waitForSelector('#imports [data-status=cancelled]');
      expect(messages).toEqual([]);
    });

    it('adds a webhook, shows its secret once and its deliveries, and deletes it', { timeout: LIMIT_MS }, async () => {
      const page = await openHome();
      await page.fill('#webhook [name=url]', partner.url);
      await page.click('#webhook button');
      await page.locator('#webhook-message', { hasText: 'whsec_' }).waitFor();
      await page.click('#order button');
      const hook = page.locator('.hook', { hasText: partner.url });
      await hook.locator('td [data-status=delivered]').first().waitFor();
      expect(partner.received.length).toBeGreaterThan(0);
      await hook.locator('button', { hasText: 'Delete' }).click();
      await hook.waitFor({ state: 'detached' });
      expect(messages).toEqual([]);
    });

    it('says what the API refuses', { timeout: LIMIT_MS }, async () => {
      const page = await open(`${api.url}/#token=other`);
      await page.click('#order button');
      await page.locator('#order-message.is-bad', { hasText: 'Bearer' }).waitFor();
    });

    it('works from another origin that is listed, where deleting and reading headers take CORS', {
      timeout: LIMIT_MS,
    }, async () => {
      const page = await open(`${shopUrl}/?api=${api.url}#token=${api.token}`);
      await page.click('#order button');
      await page.waitForSelector('#orders [data-status=written]');
      await page.setInputFiles('#import [name=file]', MANY_ORDERS);
      await page.click('#import button[type=submit]');
      await page.locator('#imports button', { hasText: 'Cancel' }).click();
      await page.waitForSelector('#imports [data-status=cancelled]');
      expect(messages).toEqual([]);
    });

    it('can do nothing from an origin that is not', { timeout: LIMIT_MS }, async () => {
      const page = await open(`${shopUrl.replace('127.0.0.1', 'localhost')}/?api=${api.url}#token=${api.token}`);
      await page.click('#order button');
      await page.locator('#order-message.is-bad', { hasText: 'does not let pages of this origin call it' }).waitFor();
    });

    it('has orders that can be read as pages', { timeout: LIMIT_MS }, async () => {
      const headers = { authorization: `Bearer ${api.token}` };
      for (const [width, colorScheme] of [
        [1200, 'light'],
        [390, 'dark'],
      ] as const) {
        const page = await open(`${api.url}/orders`, { width, colorScheme, headers });
        expect(await page.title()).toBe('Written orders');
        await page.locator('tbody a').first().click();
        await page.locator('h1', { hasText: 'written' }).waitFor();
        expect(await page.locator('.fields th').first().textContent()).toBe('Order');
        expect(await overflow(page)).toBe(0);
        if (SHOTS) await page.screenshot({ path: `${SHOTS}/${contender}-order-${width}-${colorScheme}.png` });
        await page.click('a');
        await page.locator('h1', { hasText: 'Written orders' }).waitFor();
        if (SHOTS) await page.screenshot({ path: `${SHOTS}/${contender}-orders-${width}-${colorScheme}.png` });
      }
      expect(messages).toEqual([]);
    });

    it.each([1200, 390])(
      'does not scroll sideways at %i px, and is dark in the dark',
      { timeout: LIMIT_MS },
      async width => {
        const grounds = new Set<string>();
        for (const colorScheme of ['light', 'dark'] as const) {
          const page = await openHome({ width, colorScheme });
          await page.click('#order button');
          await page.click('#import button[type=submit]');
          await page.waitForSelector('#orders [data-status=written]');
          await page.waitForSelector('#imports [data-status=succeeded]');
          expect(await overflow(page)).toBe(0);
          grounds.add(await ground(page));
          if (SHOTS)
            await page.screenshot({ path: `${SHOTS}/${contender}-home-${width}-${colorScheme}.png`, fullPage: true });
        }
        expect(grounds.size).toBe(2);
      },
    );
  },
);

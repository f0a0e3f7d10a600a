import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { prepareApi } from '../src/contenders/prepare-api.js';
import { startApiRig } from '../src/sites/rig/api-rig.js';
import { ApiClient } from '../src/workload/api-client.js';

/**
 * What a killed daprd held comes back when its locks run out: sooner than Azure's 60 s, but not before daprd renews them, each
 * 20 s (q-jobs.yaml): a busy machine can take that long for a chunk.
 */
const LOCK_MS = 30_000;
const VICTIMS = [
  'app-orders-worker',
  'daprd-orders-worker',
  'app-orders-view',
  'daprd-orders-view',
  'daprd-orders-api',
];
const LINES = 1_000;
const LONGEST = { timeout: 300_000, interval: 100 };

/** What GET /jobs/{id} tells. */
interface JobSeen {
  readonly status: string;
  readonly done: number;
  readonly refused: number;
}

/** A page of GET /orders. */
interface ListedPage {
  readonly orders: readonly { readonly href: string }[];
}

// At once: each waits for locks most of its time.
it.concurrent.each(['express-ts', 'spin-ts'])(
  'kill -9 of worker, view and daprds in the middle of an import with %s makes each line one order',
  { timeout: 1_200_000 },
  async name => {
    const { rig, url } = await startApiRig({
      ...(await prepareApi(name)),
      ...{ token: 'secret', allowOrigin: [], restartOnFailure: true, lockDurationMs: LOCK_MS },
      runDir: await mkdtemp(join(tmpdir(), 'order-bench-test-')),
    });
    try {
      // One line in a hundred is no order.
      const lines = Array.from({ length: LINES }, (_, at) => `{"delivery":"${at % 100 === 0 ? 'Air' : 'Express'}"}`);
      const api = new ApiClient(url, 'secret');
      const patience = { deadlineMs: Date.now() + LONGEST.timeout };
      const made = await api.until(
        202,
        '/imports',
        {
          method: 'POST',
          headers: { 'content-type': 'application/x-ndjson', 'idempotency-key': 'import' },
          body: lines.join('\n'),
        },
        patience,
      );
      const job = made.headers.get('location') ?? '';
      const seen = async () => JSON.parse((await api.call(job)).text) as JobSeen;
      for (const victim of VICTIMS) {
        let done = 0;
        await vi.waitFor(async () => {
          done = (await seen()).done;
          expect(done).toBeGreaterThan(0);
        }, LONGEST);
        rig.supervisor.kill(victim, 'SIGKILL');
        // It goes on, or is through already.
        await vi.waitFor(async () => {
          expect(rig.supervisor.processes.find(process => process.name === victim)?.restarts).toBe(1);
          expect((await seen()).done).toBeGreaterThan(Math.min(done, LINES - 1));
        }, LONGEST);
      }
      await vi.waitFor(async () => {
        expect(await seen()).toMatchObject({ status: 'succeeded', done: LINES, refused: LINES / 100 });
      }, LONGEST);

      const later = { deadlineMs: Date.now() + LONGEST.timeout };
      const orders = (await api.importedLines(job, later)).flatMap(({ href }) => href ?? []);
      expect(new Set(orders).size).toBe(LINES - LINES / 100);
      // The view hears of each, and the outbox has these and no more.
      await vi.waitFor(async () => {
        for (const href of orders.filter((_, at) => at % 20 === 0 || at === orders.length - 1))
          expect((await api.call(href)).text).toContain('"status":"written"');
      }, LONGEST);
      await vi.waitFor(async () => {
        const written: string[] = [];
        const pages = api.pages<ListedPage>('/orders?delivery=express&limit=200', later);
        for await (const { orders } of pages) written.push(...orders.map(({ href }) => href));
        expect(written.toSorted()).toEqual(orders.toSorted());
      }, LONGEST);
      expect((await rig.broker.queues()).filter(({ deadLettered }) => deadLettered > 0)).toEqual([]);
    } finally {
      await rig.stop();
    }
  },
);

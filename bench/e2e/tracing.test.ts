import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkoutDir } from '@order-bench/rig';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readResults } from '../src/results/read-results.js';
import { type CollectedSpan, type Collector, collectorProgram, startCollector } from './collector.js';

const hasGo = !(await execa('go', ['version'], { reject: false })).failed;
const reason = hasGo ? '' : ' (skipped: no Go, which the collector is built by)';
const ORDERS = 20;
const WAIT = { timeout: 30_000, interval: 200 };

describe.skipIf(!hasGo)(`an order is one trace through both queues to the write${reason}`, () => {
  let collector: Collector;
  let results: string;

  beforeAll(async () => {
    results = await mkdtemp(join(tmpdir(), 'tracing-'));
    collector = await startCollector(await collectorProgram());
  }, 600_000);

  afterAll(async () => {
    await collector?.stop();
    await rm(results, { recursive: true, force: true });
  });

  it.for([
    // Each hop of the app takes a request and makes one; daprd has four spans.
    { contender: 'express-ts', spansOfApp: 4 },
    { contender: 'express-ts-fetch', spansOfApp: 4 },
    // Of the app only where Spin itself traces, which the stand-in does not.
    { contender: 'spin-ts', spansOfApp: 0 },
  ])('$contender', { timeout: 180_000 }, async ({ contender, spansOfApp }) => {
    const before = (await tracesOf(collector)).length;
    const args = ['--contenders', contender, '--orders', String(ORDERS), '--mode', 'cold', '--results', results];
    const { all } = await execa('node', [join(checkoutDir, 'bench/dist/main.js'), 'run', ...args], {
      // Spans go while the run goes on: what daprd holds back is lost where a busy machine does not let it end in time.
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint, OTEL_BSP_SCHEDULE_DELAY: '200' },
      reject: false,
      all: true,
    });
    const orders = await vi
      .waitUntil(async () => {
        const traces = (await tracesOf(collector)).slice(before);
        const found = traces.filter(spans => spans.some(({ name }) => name === 'bindings/q-order-ingress'));
        return found.every(spans => spans.length >= 4 + spansOfApp) && found.length >= ORDERS && found;
      }, WAIT)
      .catch(async () => {
        const traces = (await tracesOf(collector)).slice(before);
        const found = traces.map(spans => spans.map(({ service, name }) => `${service} ${name}`).join(', '));
        expect.fail(`${all}\nof ${ORDERS} orders these traces came:\n${found.join('\n')}`);
      });
    expect(orders).toHaveLength(ORDERS);
    for (const spans of orders) {
      const names = spans.map(({ name }) => name).filter(name => name.includes('bindings/'));
      expect(names).toHaveLength(4);
      for (const part of [
        'q-order-ingress',
        /q-order-(express|standard)-out$/,
        /q-order-(express|standard)-in$/,
        /outbox$/,
      ])
        expect(names.filter(name => name.match(part))).toHaveLength(1);
      expect(new Set(spans.map(({ service }) => service)).size).toBe(2);
      expect(spans.length).toBeGreaterThanOrEqual(4 + spansOfApp);
    }
    // The collector writes what it was told a little later.
    const run = await vi.waitUntil(
      async () =>
        (await tracesOf(collector)).find(spans => spans.some(({ name }) => name.startsWith(`run ${contender}`))),
      WAIT,
    );
    expect(run.map(({ name }) => name)).toContain('draining');
    expect((await readResults(results)).at(-1)?.result.settings).toMatchObject({ tracing: { samplingRate: 1 } });
  });
});

/** The spans of each trace, the oldest trace first. */
async function tracesOf(collector: Collector): Promise<CollectedSpan[][]> {
  const traces = new Map<string, CollectedSpan[]>();
  for (const span of await collector.spans()) traces.set(span.traceId, [...(traces.get(span.traceId) ?? []), span]);
  return [...traces.values()];
}

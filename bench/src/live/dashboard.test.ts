import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startBlobServer } from '@order-bench/blob';
import { startBroker } from '@order-bench/broker';
import { checkoutDir } from '@order-bench/rig';
import { parser } from '@prometheus-io/lezer-promql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type MetricFamily, metricFamilies } from '../../test-kit/metric-families.js';
import { runMetrics } from './run-metrics.js';

/** By who tells them. */
let entries: readonly (readonly [string, ReadonlyMap<string, MetricFamily>])[];
let close: () => Promise<unknown>;

beforeAll(async () => {
  const broker = await startBroker({ queues: ['q-order-ingress'] });
  const blob = await startBlobServer({ containers: ['express-outbox'] });
  close = () => Promise.all([broker.close(), blob.close()]);
  const scrape = async (port: number) => (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const runs = runMetrics(() => ({ run: null, ended: [], processes: [] }));
  entries = [
    ['broker', metricFamilies(await scrape(broker.httpPort))],
    ['blob server', metricFamilies(await scrape(blob.httpPort))],
    ['harness', metricFamilies(await runs.metrics())],
  ];
});
afterAll(() => close());

test('every metric says what it is, and is named as Prometheus wants it', () => {
  for (const [, families] of entries) {
    for (const [name, { type, help }] of families) {
      expect(name).toMatch(/^(order_bench|process|nodejs)_[a-z0-9_]+$/);
      expect(['counter', 'gauge', 'histogram', 'summary']).toContain(type);
      expect(help).not.toBe('');
      // prom-client has gauges of that ending, for the sake of those who know them.
      if (name.startsWith('order_bench_')) expect(name.endsWith('_total')).toBe(type === 'counter');
    }
  }
});

test('each entry has figures of its own, and those of its process', () => {
  const own = entries.map(([, families]) => [...families.keys()].filter(name => name.startsWith('order_bench_')));
  expect(new Set(own.flat()).size).toBe(own.flat().length);
  for (const names of own) expect(names.length).toBeGreaterThanOrEqual(3);
  for (const [, families] of entries) expect(families.get('process_cpu_seconds_total')?.samples).toHaveLength(1);
});

test('the dashboard asks for no metric that nobody tells', async () => {
  const exposed = new Set(entries.flatMap(([, families]) => [...families.keys()]));
  const { panels } = JSON.parse(await readFile(DASHBOARD, 'utf8')) as Dashboard;
  const queries = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
  expect(queries.length).toBeGreaterThanOrEqual(panels.length);
  const asked = queries.flatMap(metricsIn);
  expect(asked.filter(name => !exposed.has(name))).toEqual([]);
  for (const [who, families] of entries) {
    expect(
      asked.some(name => name.startsWith('order_bench_') && families.has(name)),
      who,
    ).toBe(true);
  }
});

test('a query that is no PromQL is told from one that is', () => {
  expect(metricsIn('sum by (queue) (rate(a_total{queue=~"q.*"}[$__rate_interval])) / ignoring (x) b')).toEqual([
    'a_total',
    'b',
  ]);
  expect(() => metricsIn('sum(rate(a_total[1m])')).toThrow('no PromQL');
});

const DASHBOARD = join(checkoutDir, 'deploy', 'grafana', 'order-bench.json');

interface Dashboard {
  readonly panels: readonly { readonly targets: readonly { readonly expr: string }[] }[];
}

/** The metrics that a query reads. Grafana puts a duration in the place of its variable before Prometheus sees it. */
function metricsIn(query: string): string[] {
  const text = query.replaceAll('$__rate_interval', '1m');
  const names: string[] = [];
  parser.parse(text).iterate({
    enter({ type, from, to, node }) {
      if (type.isError) throw new Error(`no PromQL at ${from}: ${query}`);
      if (type.name === 'Identifier' && node.parent?.type.name === 'VectorSelector') names.push(text.slice(from, to));
    },
  });
  return names;
}

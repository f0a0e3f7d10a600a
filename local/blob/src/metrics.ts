import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { BlobStore } from './blob-store.js';

/**
 * The blob server's figures for Prometheus. All are read when they are asked for: nothing is done for a write, and a server that
 * nobody asks does not even load this module.
 */
export function blobMetrics(store: BlobStore): Registry {
  const registry = new Registry();
  const common = { labelNames: ['container'] as const, registers: [registry] };
  collectDefaultMetrics({ register: registry });
  new Gauge({
    ...common,
    name: 'order_bench_container_blobs',
    help: 'Blobs in a container now',
    collect() {
      this.reset();
      for (const { name, blobCount } of store.containers()) this.set({ container: name }, blobCount);
    },
  });
  new Gauge({
    ...common,
    name: 'order_bench_container_size_bytes',
    help: 'Size of the blobs in a container now',
    collect() {
      this.reset();
      for (const { name, sizeBytes } of store.containers()) this.set({ container: name }, sizeBytes);
    },
  });
  new Counter({
    ...common,
    name: 'order_bench_container_writes_total',
    help: 'Blobs written, repeated writes included; from 0 again when the container is emptied',
    collect() {
      this.reset();
      for (const { name, writes } of store.containers()) this.inc({ container: name }, writes);
    },
  });
  return registry;
}

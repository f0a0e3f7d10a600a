import type { BlobStoreKind, RigOptions } from '@order-bench/rig';
import { InvalidArgumentError } from 'commander';
import * as v from 'valibot';
import { AMOUNT, TEXT } from '../text/shape.js';
import { UsageError } from '../text/usage-error.js';

/** The shape of a latency. */
export const LATENCY = v.strictObject({
  name: TEXT,
  /** Each send, receive and settlement. */
  queueMs: AMOUNT,
  /** Each request. */
  blobMs: AMOUNT,
  /** Who measured these values; null where nobody did. */
  source: v.nullable(v.string()),
});

/** What the stand-ins add to each operation, so that a run meets the waiting that Azure has. */
export interface Latency extends v.InferOutput<typeof LATENCY> {}

/** The rig as it is. */
export const NO_LATENCY: Latency = { name: 'none', queueMs: 0, blobMs: 0, source: null };

/**
 * Medians of about 1 KB written ten times a second from inside the region: Service Bus Premium with one messaging unit
 * 14.1 ms, a standard locally redundant account in the hot tier 7.7 ms. Only sends were measured; receiving and
 * settling, a round trip to the same broker, are taken as equal. The tails (P99 360 and 69 ms) are not reproduced.
 */
export const AZURE_LIKE: Latency = {
  name: 'azure-like',
  queueMs: 14,
  blobMs: 8,
  source:
    'https://github.com/jessebenson/azure-performance, README of 2019-02-24 (commit 7f2d4f6): P50 of writes of 1 KB',
};

/**
 * A flag's parser for `none`, `azure-like` and `<queue ms>/<blob ms>`.
 *
 * @throws InvalidArgumentError for anything else.
 */
export function parseLatency(text: string): Latency {
  const preset = [NO_LATENCY, AZURE_LIKE].find(({ name }) => name === text);
  if (preset) return preset;
  const [, queueMs, blobMs] = /^(\d{1,5})\/(\d{1,5})$/.exec(text) ?? [];
  if (queueMs === undefined || blobMs === undefined) {
    throw new InvalidArgumentError('it takes none, azure-like or <queue ms>/<blob ms>, as in 5/10.');
  }
  return { name: text, queueMs: Number(queueMs), blobMs: Number(blobMs), source: null };
}

/**
 * A latency as the rig takes it.
 *
 * @throws UsageError for a blob latency on Azurite, which can't be slowed down.
 */
export function rigLatency(
  { queueMs, blobMs }: Latency,
  blobs: BlobStoreKind,
): Pick<RigOptions, 'queueLatencyMs' | 'blobLatencyMs'> {
  if (blobMs > 0 && blobs === 'azurite') {
    throw new UsageError(`Azurite has no latency to set: use --blobs local, or --latency ${queueMs}/0`);
  }
  return { queueLatencyMs: queueMs, blobLatencyMs: blobMs };
}

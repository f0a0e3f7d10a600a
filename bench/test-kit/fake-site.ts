import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { OUTBOX_BINDING, route } from '@order-bench/orders';
import type { TimingFigures } from '../src/results/result.js';
import type { Site } from '../src/run/site.js';
import type { BlobStore } from '../src/verify/blob-store.js';
import { INGRESS_QUEUE } from '../src/workload/pipeline.js';
import { exampleResult } from './example-result.js';
import { fakeBlobs } from './fake-blobs.js';
import { fakeBus } from './fake-bus.js';

/** What becomes of a message of the ingress queue when its time comes. */
export type Fate =
  /** Written so long after its time, as it was sent and in its container unless said otherwise. */
  | { readonly kind: 'written'; readonly afterMs: number; readonly container?: string; readonly content?: Buffer }
  | { readonly kind: 'dead-lettered' }
  /** In no queue and not written. */
  | { readonly kind: 'lost' }
  /** In a queue for ever. */
  | { readonly kind: 'stuck' };

/** What goes otherwise than well. */
export interface FakeSiteOptions {
  /** By default an order is written 10 ms times its id after its time, and a malformed message dead-lettered. */
  readonly fate?: (messageId: string) => Fate | undefined;
  /** `exact` by default. */
  readonly resolution?: TimingFigures['resolution'];
  /** How long the queue takes to confirm a batch, and this place to read its counters; 0 by default. */
  readonly schedulingMs?: number;
  readonly readingMs?: number;
  /** What else is different of the site. */
  readonly changes?: Partial<Site>;
}

/** A made-up place in virtual time, and what was done with it. */
export interface FakeSite {
  readonly site: Site;
  /** How often it was closed. */
  readonly closed: () => number;
}

/** A message and all that will ever happen to it. */
interface Sent {
  readonly messageId: string;
  readonly body: Buffer;
  readonly atMs: number;
  readonly fate: Fate;
}

/** A place of a run without queues, blobs or processes: what becomes of a message is known as soon as it is sent. For tests. */
export function fakeSite(options: FakeSiteOptions = {}): FakeSite {
  const { resolution = 'exact', schedulingMs = 0, readingMs = 0, changes } = options;
  const example = exampleResult();
  const sent: Sent[] = [];
  let closed = 0;
  const written = () =>
    sent.flatMap(({ messageId, body, atMs, fate }) =>
      fate.kind === 'written' && atMs + fate.afterMs <= Date.now()
        ? [{ name: messageId, content: body, ...fate, body, atMs: atMs + fate.afterMs }]
        : [],
    );
  const deadLetters = () =>
    sent.flatMap(({ messageId, body, atMs, fate }) =>
      fate.kind === 'dead-lettered' && atMs <= Date.now() ? [{ queue: INGRESS_QUEUE, messageId, body }] : [],
    );
  const store: BlobStore = {
    countsWrites: true,
    blobCount: async () => written().length,
    writes: async container => ({
      resolution,
      writes: written()
        .filter(blob => isIn(container, blob))
        .map(({ name, content, atMs }) => ({
          name,
          sizeBytes: content.length,
          contentMd5: createHash('md5').update(content).digest('base64'),
          firstWrittenAtMs: atMs,
          lastWrittenAtMs: atMs,
          writes: 1,
        })),
    }),
    read: async (container, name) =>
      written().find(blob => isIn(container, blob) && blob.name === name)?.content ?? Buffer.alloc(0),
    empty: async () => {
      sent.length = 0;
    },
  };
  const site: Site = {
    target: 'local',
    runtime: example.runtime,
    environment: example.environment,
    settings: example.settings,
    logs: 'the logs in nowhere',
    blobs: fakeBlobs(),
    store,
    pollMs: 500,
    sampleBeforeMs: 250,
    extraLeadMs: 0,
    queueAheadMs: 0,
    failure: new Promise(() => {}),
    connectBus: () =>
      fakeBus({
        async schedule(messages, atMs) {
          if (schedulingMs > 0) await delay(schedulingMs);
          for (const { messageId, body } of messages) {
            const id = String(messageId);
            sent.push({ messageId: id, body, atMs, fate: options.fate?.(id) ?? usualFate(id) });
          }
        },
        deadLetters,
      }),
    movingMessages: async () =>
      sent.filter(({ atMs, fate }) => {
        if (fate.kind === 'stuck') return true;
        return atMs + (fate.kind === 'written' ? fate.afterMs : 0) > Date.now();
      }).length,
    empty: () => store.empty(),
    async measure() {
      if (readingMs > 0) await delay(readingMs);
      return {
        end: async () => ({
          cost: { processes: example.processes, machine: example.machine },
          foreignReceivers: [],
        }),
        hops: async () => [...example.hops],
      };
    },
    queues: async () => null,
    whereLastSeen: async missing => missing.map(({ orderId }) => `${orderId} (last seen nowhere)`).join(', '),
    timing: () => ({}),
    async close() {
      closed++;
    },
    ...changes,
  };
  return { site, closed: () => closed };
}

function usualFate(messageId: string): Fate {
  const orderId = Number(messageId);
  return Number.isNaN(orderId) ? { kind: 'dead-lettered' } : { kind: 'written', afterMs: 10 * orderId };
}

interface Placed {
  /** As it was sent. */
  readonly body: Buffer;
  /** Where its fate puts it; where an app would, when absent. */
  readonly container?: string;
}

function isIn(container: string, placed: Placed): boolean {
  return container === (placed.container ?? OUTBOX_BINDING[route(JSON.parse(placed.body.toString()))]);
}

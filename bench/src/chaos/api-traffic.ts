import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { ApiClient, Patience } from '../workload/api-client.js';
import { type ExpectedOrder, holdsOrder } from '../workload/expected-orders.js';
import { WebhookSink } from '../workload/webhook-sink.js';
import type { Traffic, TrafficOutcome } from './traffic.js';
import { inWaves } from './waves.js';

/** What to send through an Order API, and when. */
export interface ApiTrafficOptions {
  readonly api: ApiClient;
  /** Name of the Order API's contender. */
  readonly name: string;
  /** Half of them are posted one by one, in as many waves as there are times, and half come as imports. */
  readonly orders: readonly ExpectedOrder[];
  /** When each wave comes, from the first one's time on. */
  readonly waveTimesMs: readonly number[];
  /** How long after the first order a caller goes on that is not answered. */
  readonly patienceMs: number;
  readonly signal: AbortSignal;
}

/** For the Order API to be warm, and a webhook to be there. */
const LEAD_MS = 500;
/** Every fourth wave begins with an import. */
const WAVES_AN_IMPORT = 4;
/** Callers of a wave at once. */
const CALLERS = 8;
/** After the drain everything is up, or comes up. */
const LOOK_UP_LIMIT_MS = 60_000;

/** An order as it was sent and accepted. */
interface Accepted {
  readonly orderId: string;
  readonly order: ExpectedOrder;
  readonly atMs: number;
}

/** An import as it was accepted, with the orders of its lines. */
interface AcceptedImport {
  readonly job: string;
  readonly orders: readonly ExpectedOrder[];
  readonly atMs: number;
}

/**
 * Orders as callers of an Order API send them: each again and again, with one key, until it is accepted; half of them without an
 * id of their own; some twice at once and some once more afterwards; imports; reads; and a partner that is told by webhooks.
 */
export async function startApiTraffic(options: ApiTrafficOptions): Promise<Traffic> {
  const patience = { deadlineMs: Date.now() + LOOK_UP_LIMIT_MS, signal: options.signal };
  const sink = await WebhookSink.start(options.api, patience);
  return new Callers(options, sink);
}

class Callers implements Traffic {
  readonly startMs = Date.now() + LEAD_MS;
  readonly #options: ApiTrafficOptions;
  readonly #sink: WebhookSink;
  readonly #stopping = new AbortController();
  readonly #patience: Required<Patience>;
  readonly #posted: Accepted[] = [];
  readonly #imports: AcceptedImport[] = [];
  readonly #failures: string[] = [];
  readonly #all: Promise<unknown>;
  #open = 0;
  #repeated = 0;

  constructor(options: ApiTrafficOptions, sink: WebhookSink) {
    this.#options = options;
    this.#sink = sink;
    const signal = AbortSignal.any([options.signal, this.#stopping.signal]);
    // Callers wait on it, each by itself.
    setMaxListeners(0, signal);
    this.#patience = { deadlineMs: this.startMs + options.patienceMs, signal };
    const { orders, waveTimesMs } = options;
    const half = Math.ceil(orders.length / 2);
    const imports = inWaves(orders.slice(half), Math.ceil(waveTimesMs.length / WAVES_AN_IMPORT));
    const waves = inWaves(orders.slice(0, half), waveTimesMs.length);
    this.#all = Promise.all(
      waves.flatMap((wave, index) => {
        const atMs = this.startMs + (waveTimesMs[index] ?? 0);
        const lines = index % WAVES_AN_IMPORT === 0 ? (imports[index / WAVES_AN_IMPORT] ?? []) : [];
        return [
          ...(lines.length === 0 ? [] : [this.#do(() => this.#import(lines, atMs))]),
          ...sharedOut(wave).map(some => this.#do(() => this.#postAll(some, atMs))),
        ];
      }),
    );
  }

  open(): number {
    return this.#open;
  }

  async outcome(): Promise<TrafficOutcome> {
    await this.#all;
    const patience = { deadlineMs: Date.now() + LOOK_UP_LIMIT_MS, signal: this.#patience.signal };
    const imported = (await Promise.all(this.#imports.map(each => this.#linesOf(each, patience)))).flat();
    const accepted = [...this.#posted, ...imported];
    const orders = accepted.map(({ order, orderId }) => withId(order, orderId));
    await Promise.all(sharedOut(orders).map(some => this.#readBack(some, patience)));
    const { failures, ...told } = this.#sink.findings(accepted.map(({ orderId }) => orderId));
    return {
      arrivedAtMs: new Map(accepted.map(({ orderId, atMs }) => [orderId, atMs])),
      orders,
      failures: [...this.#failures, ...failures],
      api: {
        ...{ contender: this.#options.name, ...told },
        ...{ posted: this.#posted.length, repeated: this.#repeated, imported: imported.length },
      },
    };
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#all;
    await this.#sink.stop();
  }

  /** What a caller does; what goes wrong is told at the end, but where everything ends. */
  async #do(task: () => Promise<void>): Promise<void> {
    this.#open++;
    try {
      await task();
    } catch (error) {
      if (!this.#patience.signal.aborted) this.#failures.push((error as Error).message);
    } finally {
      this.#open--;
    }
  }

  async #postAll(orders: readonly ExpectedOrder[], atMs: number): Promise<void> {
    await this.#until(atMs);
    for (const order of orders) await this.#do(() => this.#post(order));
  }

  async #post(order: ExpectedOrder): Promise<void> {
    const { api } = this.#options;
    const number = Number(order.orderId);
    const call = {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': `order ${number}` },
      body: number % 2 === 0 ? order.body.toString() : withoutId(order),
    } as const;
    const send = async () => {
      const { text } = await api.until(202, '/orders', call, this.#patience);
      return String((JSON.parse(text) as { readonly orderId: number }).orderId);
    };
    const [orderId = '', ...others] = await Promise.all(Array.from({ length: number % 5 === 0 ? 2 : 1 }, send));
    this.#posted.push({ orderId, order, atMs: Date.now() });
    if (number % 5 === 1) others.push(await send());
    this.#repeated += others.length;
    if (others.some(other => other !== orderId))
      this.#failures.push(`one key gave orders ${[orderId, ...others].join(' and ')}`);
    // Where the API is away it says so, and nothing else.
    const read = await api.call(`/orders/${orderId}`).catch(() => undefined);
    if (read?.status === 404) this.#failures.push(`order ${orderId} was accepted, and then not found`);
  }

  async #import(orders: readonly ExpectedOrder[], atMs: number): Promise<void> {
    const { api } = this.#options;
    await this.#until(atMs);
    const { headers } = await api.until(
      202,
      '/imports',
      {
        method: 'POST',
        headers: { 'content-type': 'application/x-ndjson', 'idempotency-key': `import ${orders[0]?.orderId}` },
        body: orders.map(withoutId).join('\n'),
      },
      this.#patience,
    );
    const job = headers.get('location') ?? '';
    this.#imports.push({ job, orders, atMs: Date.now() });
    // 303: it has succeeded.
    await api.until(303, job, {}, this.#patience);
  }

  /** The orders of an import's lines; each line is to be there once, in its place, as one order. */
  async #linesOf({ job, orders, atMs }: AcceptedImport, patience: Patience): Promise<Accepted[]> {
    try {
      const lines = await this.#options.api.importedLines(job, patience);
      const made = new Set(lines.map(({ orderId }) => orderId));
      const isWhole = lines.every(({ line, orderId }, at) => line === at + 1 && orderId !== undefined);
      if (!isWhole || made.size !== orders.length || lines.length !== orders.length)
        this.#failures.push(
          `${job} of ${orders.length} lines shows ${lines.length} lines and ${made.size} different orders`,
        );
      return lines.flatMap(({ orderId }, at) => {
        const order = orders[at];
        return order === undefined || orderId === undefined ? [] : [{ orderId: String(orderId), order, atMs }];
      });
    } catch (error) {
      this.#failures.push((error as Error).message);
      return [];
    }
  }

  /** The read model says of each order that it is written, and what stands in its blob. */
  async #readBack(orders: readonly ExpectedOrder[], patience: Patience): Promise<void> {
    for (const order of orders) {
      try {
        const { text } = await this.#options.api.until(200, `/orders/${order.orderId}`, {}, patience);
        const [, written = ''] =
          /^\{"orderId":\d+,"status":"written","acceptedAt":"[^"]+","order":(.*)\}$/s.exec(text) ?? [];
        if (!holdsOrder(Buffer.from(written), order))
          this.#failures.push(`GET /orders/${order.orderId} does not show it as it was sent: ${text.slice(0, 100)}`);
      } catch (error) {
        this.#failures.push((error as Error).message);
      }
    }
  }

  async #until(atMs: number): Promise<void> {
    await delay(Math.max(0, atMs - Date.now()), undefined, { signal: this.#patience.signal });
  }
}

/** Among the callers that work at once. */
function sharedOut(orders: readonly ExpectedOrder[]): (readonly ExpectedOrder[])[] {
  return inWaves(orders, CALLERS).filter(some => some.length > 0);
}

/** The generator puts the id first. */
const OWN_ID = /^\{"orderId":\d+,/;

function withoutId({ body }: ExpectedOrder): string {
  return body.toString().replace(OWN_ID, '{');
}

function withId(order: ExpectedOrder, orderId: string): ExpectedOrder {
  const body = order.body.toString().replace(OWN_ID, `{"orderId":${orderId},`);
  return { ...order, orderId, body: Buffer.from(body) };
}

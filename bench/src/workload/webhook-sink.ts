import { EventEmitter } from 'node:events';
import { Partner, type ReceivedWebhook } from '@order-bench/app-contract/partner';
import type { ApiClient, Patience } from './api-client.js';
import { eventId } from './order-api.js';

/** What a sink was told. */
export interface SinkFindings {
  /** Webhooks that came, and how many of them it answered with 503. */
  readonly webhooks: number;
  readonly refused: number;
  /** What is wrong with them, one sentence each. */
  readonly failures: readonly string[];
}

/** A webhook that a sink took: the first of its event that was signed, and not refused. */
export interface TakenWebhook {
  /** Milliseconds since 1970. */
  readonly atMs: number;
  /** Whether it came again, after one that was refused. */
  readonly isRepeated: boolean;
}

/** Its first webhook is refused for every event of this number: it comes again after 5 s, by the schedule of Standard Webhooks. */
const REFUSED_EVERY = 10;

/** A partner of an Order API that fails now and then, and checks what it is told the way partners do: by npm's standardwebhooks. */
export class WebhookSink {
  readonly #partner: Partner;
  readonly #secret: string;
  readonly #events = new Set<string>();
  readonly #taken = new Map<string, TakenWebhook>();
  readonly #taking = new EventEmitter();
  readonly #wrong: string[] = [];
  #refused = 0;

  private constructor(partner: Partner, secret: string) {
    this.#partner = partner;
    this.#secret = secret;
    partner.onReceived = webhook => this.#take(webhook);
  }

  /**
   * Starts one and registers it for every order that is written.
   *
   * @throws Error where the API does not take it.
   */
  static async start(api: ApiClient, patience: Patience): Promise<WebhookSink> {
    const partner = await Partner.start();
    try {
      const { text } = await api.until(
        201,
        '/webhooks',
        {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ url: partner.url, events: ['order.written'] }),
        },
        patience,
      );
      return new WebhookSink(partner, (JSON.parse(text) as { readonly secret: string }).secret);
    } catch (error) {
      await partner.stop();
      throw error;
    }
  }

  /** Resolves once it has taken the webhook of an order. */
  async taken(orderId: string): Promise<TakenWebhook> {
    const id = eventId(orderId);
    return this.#taken.get(id) ?? new Promise(resolve => this.#taking.once(id, resolve));
  }

  /** Holds what came against the orders that were written. */
  findings(orderIds: readonly string[]): SinkFindings {
    const wanted = new Set(orderIds.map(eventId));
    const missing = [...wanted].filter(id => !this.#events.has(id));
    const unexpected = [...this.#events].filter(id => !wanted.has(id));
    return {
      webhooks: this.#partner.received.length,
      refused: this.#refused,
      failures: [
        ...named('events that no webhook told of', missing),
        ...named('webhooks of events that there were not', unexpected),
        ...named('webhooks with a wrong signature or content', this.#wrong),
      ],
    };
  }

  stop(): Promise<void> {
    return this.#partner.stop();
  }

  /** Checked as it comes, for a signature is good for five minutes. */
  #take(webhook: ReceivedWebhook): void {
    const { id, atMs } = webhook;
    const isSigned = isRight(webhook, this.#secret);
    if (!isSigned) this.#wrong.push(id);
    const isRepeated = this.#events.has(id);
    this.#events.add(id);
    if (!isRepeated && this.#events.size % REFUSED_EVERY === 0) {
      this.#refused++;
      // The answer to this very webhook: it is taken when this returns.
      this.#partner.answers.push(503);
    } else if (isSigned && !this.#taken.has(id)) {
      const taken = { atMs, isRepeated };
      this.#taken.set(id, taken);
      this.#taking.emit(id, taken);
    }
  }
}

function isRight(webhook: ReceivedWebhook, secret: string): boolean {
  try {
    const { data } = Partner.verify(webhook, secret) as { readonly data: { readonly orderId: number } };
    return webhook.id === eventId(data.orderId);
  } catch {
    return false;
  }
}

const NAMED = 10;

function named(what: string, ids: readonly string[]): string[] {
  if (ids.length === 0) return [];
  const more = ids.length > NAMED ? ` and ${ids.length - NAMED} more` : '';
  return [`${what}: ${ids.length} (${ids.slice(0, NAMED).join(', ')}${more})`];
}

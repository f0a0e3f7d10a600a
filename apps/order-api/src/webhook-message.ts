import { ORDER_WRITTEN } from '@order-bench/orders';
import type { WrittenEvent } from './order-event.js';
import type { QueuePort } from './ports.js';

/** One attempt that is to be made, as it waits in q-webhooks. */
export interface WebhookAttempt {
  readonly webhookId: string;
  readonly eventId: string;
  /** From 1. */
  readonly attempt: number;
  /** What is signed and sent, to the letter: the same at every attempt. */
  readonly body: string;
}

/** What partners are told: thin, so that who wants more asks for it with a token of its own. */
export function webhookBody({ time, orderId, delivery }: WrittenEvent): string {
  return JSON.stringify({
    type: ORDER_WRITTEN,
    timestamp: time,
    data: { orderId, delivery, href: `/orders/${orderId}` },
  });
}

/** Has an attempt made, now or at a later time. @throws DaprFailed where the queue is away */
export function sendAttempt(queue: QueuePort, attempt: WebhookAttempt, atMs?: number): Promise<void> {
  const id = `${attempt.eventId}.${attempt.webhookId}.${attempt.attempt}`;
  return queue.send('q-webhooks', attempt, atMs === undefined ? { id } : { id, atMs });
}

/** Reads what came from q-webhooks; undefined for what this project did not send. */
export function readAttempt(body: Uint8Array): WebhookAttempt | undefined {
  try {
    const value = JSON.parse(new TextDecoder().decode(body)) as Partial<WebhookAttempt> | null;
    const { webhookId, eventId, attempt, body: text } = value ?? {};
    if (typeof webhookId !== 'string' || typeof eventId !== 'string' || typeof text !== 'string') return undefined;
    if (typeof attempt !== 'number' || !Number.isSafeInteger(attempt) || attempt < 1) return undefined;
    return { webhookId, eventId, attempt, body: text };
  } catch {
    return undefined;
  }
}

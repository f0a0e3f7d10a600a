import { ORDER_WRITTEN } from '@order-bench/orders';
import { deliverWebhook, type WebhookOptions } from './deliver-webhook.js';
import { doJob, type JobOptions } from './do-job.js';
import type { DeliveryRoutes } from './from-dapr.js';
import type { WrittenEvent } from './order-event.js';
import { takeEvent } from './take-event.js';
import { sendAttempt, webhookBody } from './webhook-message.js';
import { readWebhooks } from './webhook-store.js';

/** What the worker is made of. */
export type WorkerOptions = WebhookOptions & JobOptions;

/** The role orders-worker: it tells partners, one message an attempt, and does imports, one message a chunk. */
export function workerRoutes(options: WorkerOptions): DeliveryRoutes {
  return {
    '/events/webhooks': takeEvent(event => fanOut(event, options)),
    '/q-webhooks': message => deliverWebhook(message, options),
    '/q-jobs': doJob(options),
  };
}

/** A message for each webhook that wants the event; broken off, it comes again, and partners know an event by its id. */
async function fanOut(event: WrittenEvent, { state, queue }: WorkerOptions): Promise<void> {
  const webhooks = await readWebhooks(state);
  const wanting = webhooks.filter(each => each.state !== 'disabled' && each.events.includes(ORDER_WRITTEN));
  const body = webhookBody(event);
  const attempts = wanting.map(({ id }) => ({ webhookId: id, eventId: event.id, attempt: 1, body }));
  await Promise.all(attempts.map(attempt => sendAttempt(queue, attempt)));
}

import { EVENTS_TOPIC, KEPT_EVENTS } from './order-api.js';
import { KEPT_ORDERS, pipelineOf } from './pipeline.js';

/** Where to what is kept is sent again. */
const SENT_AGAIN: ReadonlyMap<string, string> = new Map([
  [KEPT_EVENTS, EVENTS_TOPIC],
  // Whichever app could not take it: the distributor's way leads to every receiver.
  [KEPT_ORDERS, pipelineOf({ transport: 'topics' }).ingress],
]);

/** Whether nothing reads it but a person: messages lie there as dead letters do, in a subscription of their own. */
export function isKept(queue: string): boolean {
  return SENT_AGAIN.has(queue);
}

/** Where a message is sent to come into a queue or subscription again: an event goes to all subscribers, for there is no other way. */
export function sentTo(queue: string): string {
  const [sent = queue] = queue.split('/');
  return SENT_AGAIN.get(queue) ?? sent;
}

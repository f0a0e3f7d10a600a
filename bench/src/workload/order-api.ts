import { KEPT, subscriptionPath } from './pipeline.js';

/** Queues of the Order API, beside those of the pipeline. */
export const API_QUEUES = ['q-webhooks', 'q-jobs'] as const;

/** The topic of events; each of its subscriptions has the name of the app id that reads it. */
export const EVENTS_TOPIC = 'orders';

const SUBSCRIBERS = ['orders-view', 'orders-worker'];
const DEAD_TOPIC = 'orders-dead';

/** Topics with the subscriptions of each; what a subscriber could not take goes to the second. */
export const TOPICS = { [EVENTS_TOPIC]: SUBSCRIBERS, [DEAD_TOPIC]: [KEPT] };

/** Where subscribers' events wait, as Service Bus addresses it. */
export const SUBSCRIPTIONS = SUBSCRIBERS.map(name => subscriptionPath(EVENTS_TOPIC, name));

/** What nobody could take is kept here: nothing reads it but a person. */
export const KEPT_EVENTS = subscriptionPath(DEAD_TOPIC, KEPT);

/** The id of the event that an order is written, and of its message, as receivers make it. */
export function eventId(orderId: string | number): string {
  return `evt_written_${orderId}`;
}

/** Queues of the Order API, beside those of the pipeline. */
export const API_QUEUES = ['q-webhooks', 'q-jobs'] as const;

/** The topic of events; each of its subscriptions has the name of the app id that reads it. */
const EVENTS_TOPIC = 'orders';

const SUBSCRIBERS = ['orders-view', 'orders-worker'];
const DEAD_TOPIC = 'orders-dead';
const KEPT = 'kept';

/** Topics with the subscriptions of each; what a subscriber could not take goes to the second. */
export const TOPICS = { [EVENTS_TOPIC]: SUBSCRIBERS, [DEAD_TOPIC]: [KEPT] };

/** Where subscribers' events wait, as Service Bus addresses it. */
export const SUBSCRIPTIONS = SUBSCRIBERS.map(name => `${EVENTS_TOPIC}/Subscriptions/${name}`);

/** What nobody could take is kept here: nothing reads it but a person. */
export const KEPT_EVENTS = `${DEAD_TOPIC}/Subscriptions/${KEPT}`;

/** The id of the event that an order is written, and of its message, as receivers make it. */
export function eventId(orderId: string | number): string {
  return `evt_written_${orderId}`;
}

/** Where a message is sent to come into a queue or subscription again: an event goes to all subscribers, for there is no other way. */
export function sentTo(queue: string): string {
  const [sent = queue] = queue === KEPT_EVENTS ? [EVENTS_TOPIC] : queue.split('/');
  return sent;
}

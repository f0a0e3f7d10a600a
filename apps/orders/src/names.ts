/** The three Dapr app ids; each is one process and one role. */
export const APP_IDS = ['distributor', 'receiver-express', 'receiver-standard'] as const;

/** One of the three app ids. */
export type AppId = (typeof APP_IDS)[number];

/** The way an order is delivered, which decides its queue and its container. */
export type Route = 'express' | 'standard';

/** Input binding of each app id. Dapr delivers to `POST /<input binding>`. */
export const INPUT_BINDING: Readonly<Record<AppId, string>> = {
  distributor: 'q-order-ingress',
  'receiver-express': 'q-order-express-in',
  'receiver-standard': 'q-order-standard-in',
};

/** Output binding by which the distributor forwards an order. */
export const QUEUE_BINDING: Readonly<Record<Route, string>> = {
  express: 'q-order-express-out',
  standard: 'q-order-standard-out',
};

/** Output binding by which a receiver stores an order: one blob an order, in the container of the same name. */
export const OUTBOX_BINDING: Readonly<Record<Route, string>> = {
  express: 'express-outbox',
  standard: 'standard-outbox',
};

/** Dapr's pub/sub component of an app that takes its orders from topics in place of queues. */
export const ORDERS_PUBSUB = 'orders-topics';

/** The topic of each app id there; its subscription has the app id's name. Dapr delivers to `POST /<topic>`. */
export const INPUT_TOPIC: Readonly<Record<AppId, string>> = {
  distributor: 't-order-ingress',
  'receiver-express': 't-order-express',
  'receiver-standard': 't-order-standard',
};

/** The topic to which such an app sends what can never be processed. */
export const DEAD_TOPIC = 't-order-dead';

/** Tells whether a name from outside (an environment variable, a manifest) is one of the app ids. */
export function isAppId(name: string): name is AppId {
  return (APP_IDS as readonly string[]).includes(name);
}

/** Largest order in bytes: 1 MiB, the size of the largest message that the queues take. */
export const MAX_ORDER_BYTES = 1_048_576;

/**
 * Deepest nesting of arrays and objects in an order. Go's JSON decoder, through which Dapr passes every order, ends at
 * 10,000 levels; Node's JSON.stringify, through which @dapr/dapr does, runs out of stack between 1,000 and 5,000. One
 * limit below both, so that every app answers the same.
 */
export const MAX_NESTING = 1_000;

/**
 * Headers of a delivery in bytes, names and values together, that every app takes: Dapr makes headers of a message's properties,
 * which Service Bus limits to 64 KiB. Node by itself ends at 16 KiB. How many there may be is up to the runtime: Spin's HTTP
 * server refuses more than 100.
 */
export const MAX_HEADERS_BYTES = 65_536;

/** Longest of the order's texts (description, first and last name), in characters (Unicode code points). */
export const MAX_TEXT_CHARACTERS = 1_000;

/** Most items in one order. */
export const MAX_ITEMS = 100;

/** Time an app gives Dapr to confirm an output binding; below the 15 s that Dapr's inbound Resiliency gives the app. */
export const BINDING_TIME_LIMIT_MS = 10_000;

export {
  type Answer,
  answer,
  type Outcome,
  PROBLEM_CONTENT_TYPE,
  type Problem,
  STOPPING,
  UNAUTHORIZED,
} from './answer.js';
export { API_TOKEN_HEADER, isApiToken } from './api-token.js';
export { BindingFailed, type Bindings, BindingTimedOut, type CreateRequest, callBody } from './bindings.js';
export { decimalOf, fitsDouble } from './decimal.js';
export { distribute } from './distribute.js';
export {
  CLOUD_EVENT_CONTENT_TYPE,
  EVENTS,
  type Events,
  ORDER_WRITTEN,
  type OrderWritten,
  orderWritten,
  PublishFailed,
  type PublishRequest,
} from './events.js';
export {
  BINDING_TIME_LIMIT_MS,
  MAX_HEADERS_BYTES,
  MAX_ITEMS,
  MAX_NESTING,
  MAX_ORDER_BYTES,
  MAX_TEXT_CHARACTERS,
} from './limits.js';
export {
  APP_IDS,
  type AppId,
  DEAD_TOPIC,
  INPUT_BINDING,
  INPUT_TOPIC,
  isAppId,
  ORDERS_PUBSUB,
  OUTBOX_BINDING,
  QUEUE_BINDING,
  type Route,
} from './names.js';
export type { Order, Parsed, Refusal } from './order.js';
export { COMPRESSED, parseOrder, tooLarge } from './parse.js';
export { type Delivery, processOrder } from './process.js';
export { receive } from './receive.js';
export { route } from './route.js';
export { readTrace, type Trace } from './trace.js';

export type { Arrival } from './batches.js';
export { type Dataset, DatasetMissing, datasetName, loadDataset, type StoredDataset, storeDataset } from './dataset.js';
export { makeHostileOrders } from './hostile-orders.js';
export { type MalformedMessage, makeMalformed, overSizedBody } from './malformed.js';
export { type Delivery, INGRESS_QUEUE, type OrderMessage, type QueueMessage } from './order-message.js';
export { makeOrders } from './orders.js';
export {
  type Schedule,
  type ScheduleOptions,
  type SchedulingSender,
  scheduleOrders,
} from './schedule.js';
export { SchedulingStopped, TooLate } from './scheduling-stopped.js';
export { PAYLOAD_BYTES } from './sized-order.js';

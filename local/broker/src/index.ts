export { type Broker, type BrokerOptions, serviceBusConnectionString, startBroker } from './broker.js';
export { checkEvents, type EventCheck, type RemainingMessage } from './event-check.js';
export type { QueueEvent } from './event-log.js';
export { defaultQueueSettings, type QueueSettings } from './settings.js';

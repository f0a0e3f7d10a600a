export { type Broker, type BrokerOptions, startBroker } from './broker.js';
export { defaultQueueSettings, type QueueSettings } from './settings.js';

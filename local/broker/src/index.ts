export { type Broker, type BrokerOptions, serviceBusConnectionString, startBroker } from './broker.js';
export { defaultQueueSettings, type QueueSettings } from './settings.js';

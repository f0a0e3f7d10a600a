import { describeEvents } from '@order-bench/app-contract';
import { pino } from 'pino';
import { daprClient } from './dapr-client.js';
import { DaprEvents } from './dapr-events.js';

describeEvents('events by @dapr/dapr', ({ port }, timeoutMs) => {
  const daprd = { daprHost: '127.0.0.1', daprPort: port, daprApiToken: undefined };
  return new DaprEvents({ client: daprClient(daprd, pino({ level: 'silent' })), timeoutMs });
});

import { describeApp } from '@order-bench/app-contract';
import { pino } from 'pino';
import { DaprBindings } from './dapr-bindings.js';
import { daprClient } from './dapr-client.js';
import { orderIntake } from './order-intake.js';
import { startServer } from './server.js';

describeApp('Express with @dapr/dapr', ({ appId, daprPort, timeoutMs }) => {
  const logger = pino({ level: 'silent' });
  const client = daprClient({ daprHost: '127.0.0.1', daprPort, daprApiToken: undefined }, logger);
  return startServer({
    intake: orderIntake({ appId, bindings: new DaprBindings({ client, timeoutMs }), logger }),
    logger,
    host: '127.0.0.1',
    port: 0,
  });
});

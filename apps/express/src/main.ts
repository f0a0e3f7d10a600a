import { BINDING_TIME_LIMIT_MS } from '@order-bench/orders';
import { DaprBindings } from './dapr-bindings.js';
import { daprClient } from './dapr-client.js';
import { DaprEvents } from './dapr-events.js';
import { orderIntake } from './order-intake.js';
import { run } from './run.js';

await run((configuration, logger) => {
  const { appId, publishes } = configuration;
  const options = { client: daprClient(configuration, logger), timeoutMs: BINDING_TIME_LIMIT_MS };
  const bindings = new DaprBindings(options);
  return orderIntake({ appId, bindings, logger, ...(publishes ? { events: new DaprEvents(options) } : {}) });
});

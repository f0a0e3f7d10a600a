import { DaprBindings, DaprEvents, daprClient, run } from '@order-bench/express-app';
import { BINDING_TIME_LIMIT_MS } from '@order-bench/orders';
import { bulkIntake } from './bulk-intake.js';
import { DaprTopics } from './dapr-topics.js';

await run((configuration, logger) => {
  const { appId, publishes } = configuration;
  const options = { client: daprClient(configuration, logger), timeoutMs: BINDING_TIME_LIMIT_MS };
  return bulkIntake({
    ...{ appId, topics: new DaprTopics(options), bindings: new DaprBindings(options), logger },
    ...(publishes ? { events: new DaprEvents(options) } : {}),
  });
});

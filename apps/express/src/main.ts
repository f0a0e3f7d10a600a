import { CommunicationProtocolEnum, DaprClient } from '@dapr/dapr';
import { BINDING_TIME_LIMIT_MS } from '@order-bench/orders';
import { DaprBindings } from './dapr-bindings.js';
import { DaprEvents } from './dapr-events.js';
import { daprLog } from './dapr-log.js';
import { run } from './run.js';

await run(({ daprHost, daprPort, daprApiToken, publishes }, logger) => {
  const client = new DaprClient({
    daprHost,
    daprPort: String(daprPort),
    communicationProtocol: CommunicationProtocolEnum.HTTP,
    ...(daprApiToken === undefined ? {} : { daprApiToken }),
    logger: daprLog(logger),
  });
  const options = { client, timeoutMs: BINDING_TIME_LIMIT_MS };
  return { bindings: new DaprBindings(options), ...(publishes ? { events: new DaprEvents(options) } : {}) };
});

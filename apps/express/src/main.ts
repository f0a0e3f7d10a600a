import { CommunicationProtocolEnum, DaprClient } from '@dapr/dapr';
import { BINDING_TIME_LIMIT_MS } from '@order-bench/orders';
import { DaprBindings } from './dapr-bindings.js';
import { daprLog } from './dapr-log.js';
import { run } from './run.js';

await run(({ daprHost, daprPort, daprApiToken }, logger) => {
  const client = new DaprClient({
    daprHost,
    daprPort: String(daprPort),
    communicationProtocol: CommunicationProtocolEnum.HTTP,
    ...(daprApiToken === undefined ? {} : { daprApiToken }),
    logger: daprLog(logger),
  });
  return new DaprBindings({ client, timeoutMs: BINDING_TIME_LIMIT_MS });
});

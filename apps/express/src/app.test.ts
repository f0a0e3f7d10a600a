import { CommunicationProtocolEnum, DaprClient, LogLevel } from '@dapr/dapr';
import { describeApp } from './app-contract.js';
import { DaprBindings } from './dapr-bindings.js';

describeApp('Express with @dapr/dapr', ({ port, timeoutMs }) => {
  const logger = { level: LogLevel.Error };
  const client = new DaprClient({
    daprHost: '127.0.0.1',
    daprPort: String(port),
    communicationProtocol: CommunicationProtocolEnum.HTTP,
    logger,
  });
  return new DaprBindings({ client, timeoutMs });
});

import { CommunicationProtocolEnum, DaprClient, LogLevel } from '@dapr/dapr';
import { describeApp } from '@order-bench/app-contract';
import { pino } from 'pino';
import { DaprBindings } from './dapr-bindings.js';
import { startServer } from './server.js';

describeApp('Express with @dapr/dapr', ({ appId, daprPort, timeoutMs }) => {
  const client = new DaprClient({
    daprHost: '127.0.0.1',
    daprPort: String(daprPort),
    communicationProtocol: CommunicationProtocolEnum.HTTP,
    logger: { level: LogLevel.Error },
  });
  return startServer({
    appId,
    bindings: new DaprBindings({ client, timeoutMs }),
    logger: pino({ level: 'silent' }),
    host: '127.0.0.1',
    port: 0,
  });
});

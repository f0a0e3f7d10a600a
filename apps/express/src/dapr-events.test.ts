import { CommunicationProtocolEnum, DaprClient } from '@dapr/dapr';
import { describeEvents } from '@order-bench/app-contract';
import { pino } from 'pino';
import { DaprEvents } from './dapr-events.js';
import { daprLog } from './dapr-log.js';

describeEvents('events by @dapr/dapr', ({ port }, timeoutMs) => {
  const client = new DaprClient({
    daprHost: '127.0.0.1',
    daprPort: String(port),
    communicationProtocol: CommunicationProtocolEnum.HTTP,
    logger: daprLog(pino({ level: 'silent' })),
  });
  client.daprClient.setIsInitialized(true);
  return new DaprEvents({ client, timeoutMs });
});

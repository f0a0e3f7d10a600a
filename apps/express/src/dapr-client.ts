import { CommunicationProtocolEnum, DaprClient } from '@dapr/dapr';
import type { Logger } from 'pino';
import type { Configuration } from './configuration.js';
import { daprLog } from './dapr-log.js';

/** The one client of a process; it keeps its connections. */
export function daprClient(
  { daprHost, daprPort, daprApiToken }: Pick<Configuration, 'daprHost' | 'daprPort' | 'daprApiToken'>,
  logger: Logger,
): DaprClient {
  const client = new DaprClient({
    daprHost,
    daprPort: String(daprPort),
    communicationProtocol: CommunicationProtocolEnum.HTTP,
    ...(daprApiToken === undefined ? {} : { daprApiToken }),
    logger: daprLog(logger),
  });
  // Otherwise the client waits for Dapr before its first call, a minute long, and sends what was given up meanwhile;
  // a Dapr that is away or refuses its token shall fail an order at once, the first one too.
  client.daprClient.setIsInitialized(true);
  return client;
}

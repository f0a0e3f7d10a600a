import type { Bindings } from '@order-bench/orders';
import { type Logger, pino } from 'pino';
import { type Configuration, readConfiguration } from './configuration.js';
import { startServer } from './server.js';

/** More than the 10 s that an order in flight may wait for Dapr. */
const STOP_LIMIT_MS = 12_000;

/**
 * The process of one role: reads the environment, listens, and stops on SIGTERM or SIGINT: exit code 0 once everything
 * in flight is answered, 1 where that took too long. A second signal ends the process at once.
 *
 * @param createBindings how this app reaches Dapr
 */
export async function run(createBindings: (configuration: Configuration, logger: Logger) => Bindings): Promise<void> {
  const configuration = readConfiguration(process.env);
  const { appId, host, port, daprHost, daprPort, logLevel } = configuration;
  const logger = pino({ name: appId, level: logLevel });
  const bindings = createBindings(configuration, logger);
  const server = await startServer({ appId, bindings, logger, host, port });
  logger.info({ url: server.url, dapr: `${daprHost}:${daprPort}` }, 'The app listens.');

  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    logger.info({ signal }, 'The app finishes what is in flight and stops.');
    const isEmpty = await server.stop(STOP_LIMIT_MS);
    if (!isEmpty) logger.error(`Some orders were still in flight after ${STOP_LIMIT_MS} ms; Dapr delivers them again.`);
    process.exit(isEmpty ? 0 : 1);
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

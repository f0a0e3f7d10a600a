import { type DestinationStream, type Logger, pino } from 'pino';
import { type Configuration, readConfiguration } from './configuration.js';
import type { Intake } from './intake.js';
import { startServer } from './server.js';
import { stopTracing } from './tracing.js';

/** More than the 10 s that an order in flight may wait for Dapr. */
const STOP_LIMIT_MS = 12_000;

/**
 * The process of one role: reads the environment, listens, and stops on SIGTERM or SIGINT: exit code 0 once everything
 * in flight is answered, 1 where that took too long. A second signal ends the process at once.
 *
 * @param createIntake how this app takes orders, and reaches Dapr
 */
export async function run(createIntake: (configuration: Configuration, logger: Logger) => Intake): Promise<void> {
  const configuration = readConfiguration(process.env);
  const { appId, host, port, daprHost, daprPort, appApiToken, logLevel } = configuration;
  const logger = pino({ name: appId, level: logLevel }, logDestination());
  const intake = createIntake(configuration, logger);
  const server = await startServer({ intake, logger, appApiToken, host, port });
  logger.info({ url: server.url, dapr: `${daprHost}:${daprPort}` }, 'The app listens.');

  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    logger.info({ signal }, 'The app finishes what is in flight and stops.');
    const isEmpty = await server.stop(STOP_LIMIT_MS);
    if (!isEmpty) logger.error(`Some orders were still in flight after ${STOP_LIMIT_MS} ms; Dapr delivers them again.`);
    await stopTracing();
    process.exit(isEmpty ? 0 : 1);
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

/** What a disk that is full may hold back of the log in memory, bytes; lines beyond it are dropped. */
const LOG_BACKLOG_BYTES = 65_536;

/**
 * Standard output for the log. By itself pino ends the process where it cannot write, and then waits for ever to write the
 * rest: the app would accept orders and never answer.
 */
function logDestination(): DestinationStream {
  const destination = pino.destination({ fd: 1, sync: true, maxLength: LOG_BACKLOG_BYTES });
  // There is nowhere left to say it, and orders do not need the log. Written again once there is room.
  destination.on('error', () => {});
  return destination;
}

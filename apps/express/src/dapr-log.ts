import type { LoggerOptions } from '@dapr/dapr';
import type { Logger } from 'pino';

/** Sends what @dapr/dapr logs to the app's logger. The client's own limit stays at info. */
export function daprLog(logger: Logger): LoggerOptions {
  const log = logger.child({ from: '@dapr/dapr' });
  return {
    service: {
      error: message => log.error(message),
      warn: message => log.warn(message),
      info: message => log.info(message),
      verbose: message => log.debug(message),
      debug: message => log.trace(message),
    },
  };
}

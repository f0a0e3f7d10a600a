import { once } from 'node:events';
import { createServer } from 'node:http';
import { pino } from 'pino';
import { createApp } from './app.js';
import { roleOf } from './role.js';

const { APP_ID = 'orders-api', APP_HOST = '127.0.0.1', APP_PORT = '3000', LOG_LEVEL = 'info' } = process.env;

const logger = pino({ name: APP_ID, level: LOG_LEVEL });
const server = createServer(createApp(roleOf(process.env), logger));
// Longer than Dapr keeps an idle connection (90 s): a POST must not meet a connection that is being closed.
server.keepAliveTimeout = 120_000;
server.listen(Number(APP_PORT), APP_HOST);
await once(server, 'listening');
logger.info({ port: APP_PORT }, 'The app listens.');

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    logger.info({ signal }, 'The app finishes what is in flight and stops.');
    server.close(() => process.exit(0));
    server.closeIdleConnections();
  });
}

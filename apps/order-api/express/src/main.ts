import { once } from 'node:events';
import { createServer } from 'node:http';
import { type ApiOptions, DaprPipeline, DaprState } from '@order-bench/order-api';
import { pino } from 'pino';
import { createApp } from './app.js';

const {
  APP_HOST = '127.0.0.1',
  APP_PORT = '3000',
  DAPR_URL = 'http://127.0.0.1:3500',
  LOG_LEVEL = 'info',
} = process.env;
const { DAPR_API_TOKEN = '', ORDERS_API_TOKEN = '', ALLOWED_ORIGINS = '' } = process.env;

const logger = pino({ name: 'orders-api', level: LOG_LEVEL });
const dapr = { daprUrl: DAPR_URL, daprApiToken: DAPR_API_TOKEN, fetch };
const options: ApiOptions = {
  state: new DaprState(dapr),
  pipeline: new DaprPipeline(dapr),
  token: ORDERS_API_TOKEN,
  allowedOrigins: ALLOWED_ORIGINS.split(' ').filter(origin => origin !== ''),
  now: Date.now,
};
const server = createServer(createApp(options, logger));
server.listen(Number(APP_PORT), APP_HOST);
await once(server, 'listening');
logger.info({ port: APP_PORT, dapr: DAPR_URL }, 'The Order API listens.');

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    logger.info({ signal }, 'The Order API finishes what is in flight and stops.');
    server.close(() => process.exit(0));
    server.closeIdleConnections();
  });
}

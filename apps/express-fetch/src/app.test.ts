import { describeApp } from '@order-bench/app-contract';
import { startServer } from '@order-bench/express-app';
import { FetchBindings } from '@order-bench/spin-app/bindings';
import { pino } from 'pino';

describeApp('Express with the Spin app’s bindings', ({ appId, daprPort, timeoutMs }) =>
  startServer({
    appId,
    bindings: new FetchBindings({ daprUrl: `http://127.0.0.1:${daprPort}`, fetch, timeoutMs }),
    logger: pino({ level: 'silent' }),
    host: '127.0.0.1',
    port: 0,
  }),
);

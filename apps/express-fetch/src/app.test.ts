import { describeApp } from '@order-bench/app-contract';
import { orderIntake, startServer } from '@order-bench/express-app';
import { FetchBindings } from '@order-bench/spin-app/bindings';
import { pino } from 'pino';

describeApp('Express with the Spin app’s bindings', ({ appId, daprPort, timeoutMs }) => {
  const logger = pino({ level: 'silent' });
  const bindings = new FetchBindings({ daprUrl: `http://127.0.0.1:${daprPort}`, fetch, timeoutMs });
  return startServer({ intake: orderIntake({ appId, bindings, logger }), logger, host: '127.0.0.1', port: 0 });
});

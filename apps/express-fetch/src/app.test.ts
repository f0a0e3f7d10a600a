import { describeApp } from '@order-bench/express-app/app-contract';
import { FetchBindings } from '@order-bench/spin-app/bindings';

describeApp('Express with the Spin app’s bindings', ({ port, timeoutMs }) => {
  return new FetchBindings({ daprUrl: `http://127.0.0.1:${port}`, fetch, timeoutMs });
});

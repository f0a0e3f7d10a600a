import { run } from '@order-bench/express-app';
import { BINDING_TIME_LIMIT_MS } from '@order-bench/orders';
import { FetchBindings } from '@order-bench/spin-app/bindings';

await run(({ daprHost, daprPort, daprApiToken }) => ({
  bindings: new FetchBindings({
    daprUrl: `http://${daprHost}:${daprPort}`,
    daprApiToken,
    fetch,
    timeoutMs: BINDING_TIME_LIMIT_MS,
  }),
}));

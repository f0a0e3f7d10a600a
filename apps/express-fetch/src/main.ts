import { run } from '@order-bench/express-app';
import { BINDING_TIME_LIMIT_MS } from '@order-bench/orders';
import { FetchBindings } from '@order-bench/spin-app/bindings';
import { FetchEvents } from '@order-bench/spin-app/events';

await run(({ daprHost, daprPort, daprApiToken, publishes }) => {
  const options = {
    daprUrl: `http://${daprHost}:${daprPort}`,
    daprApiToken,
    fetch,
    timeoutMs: BINDING_TIME_LIMIT_MS,
  };
  return { bindings: new FetchBindings(options), ...(publishes ? { events: new FetchEvents(options) } : {}) };
});

import { orderIntake, run } from '@order-bench/express-app';
import { BINDING_TIME_LIMIT_MS } from '@order-bench/orders';
import { FetchBindings } from '@order-bench/spin-app/bindings';
import { FetchEvents } from '@order-bench/spin-app/events';

await run(({ appId, daprHost, daprPort, daprApiToken, publishes }, logger) => {
  const options = {
    daprUrl: `http://${daprHost}:${daprPort}`,
    daprApiToken,
    fetch,
    timeoutMs: BINDING_TIME_LIMIT_MS,
  };
  const bindings = new FetchBindings(options);
  return orderIntake({ appId, bindings, logger, ...(publishes ? { events: new FetchEvents(options) } : {}) });
});

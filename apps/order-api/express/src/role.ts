import {
  type ApiRequest,
  type ApiResponse,
  DaprCache,
  DaprPipeline,
  DaprQueue,
  DaprState,
  handleDelivery,
  handleRequest,
  randomShare,
  viewRoutes,
  workerRoutes,
} from '@order-bench/order-api';

/** What a role does with a request. */
type Role = (request: ApiRequest) => Promise<ApiResponse>;

/**
 * What the process of an app id does, as the environment says.
 *
 * @throws Error for an app id that there is not
 */
export function roleOf(env: NodeJS.ProcessEnv): Role {
  const { APP_ID = 'orders-api' } = env;
  const make = Object.hasOwn(ROLES, APP_ID) ? ROLES[APP_ID] : undefined;
  if (!make) throw new Error(`APP_ID is "${APP_ID}"; set it to one of ${Object.keys(ROLES).join(', ')}.`);
  return make(env);
}

const ROLES: Readonly<Record<string, (env: NodeJS.ProcessEnv) => Role>> = {
  'orders-api'(env) {
    const options = {
      ...portsOf(env),
      cache: new DaprCache(daprOf(env)),
      webhookRules: { isLocal: env.WEBHOOKS === 'local' },
      token: env.ORDERS_API_TOKEN ?? '',
      allowedOrigins: (env.ALLOWED_ORIGINS ?? '').split(' ').filter(origin => origin !== ''),
      now: Date.now,
    };
    return request => handleRequest(request, options);
  },
  'orders-view'(env) {
    const options = { routes: viewRoutes(portsOf(env)), appApiToken: env.APP_API_TOKEN ?? '' };
    return request => handleDelivery(request, options);
  },
  'orders-worker'(env) {
    const routes = workerRoutes({
      ...portsOf(env),
      fetch,
      webhookRules: { isLocal: env.WEBHOOKS === 'local' },
      webhookOrigin: env.WEBHOOK_ORIGIN || 'orders.example',
      now: Date.now,
      random: randomShare,
    });
    const options = { routes, appApiToken: env.APP_API_TOKEN ?? '' };
    return request => handleDelivery(request, options);
  },
};

function portsOf(env: NodeJS.ProcessEnv) {
  const dapr = daprOf(env);
  return { state: new DaprState(dapr), pipeline: new DaprPipeline(dapr), queue: new DaprQueue(dapr) };
}

function daprOf({ DAPR_URL = 'http://127.0.0.1:3500', DAPR_API_TOKEN = '' }: NodeJS.ProcessEnv) {
  return { daprUrl: DAPR_URL, daprApiToken: DAPR_API_TOKEN, fetch };
}

import { ResponseBuilder, Variables } from '@fermyon/spin-sdk';
import {
  type AppId,
  answer,
  BINDING_TIME_LIMIT_MS,
  MAX_ORDER_BYTES,
  type Outcome,
  PROBLEM_CONTENT_TYPE,
  processOrder,
  tooLarge,
} from '@order-bench/orders';
import { FetchBindings } from './fetch-bindings.js';
import { warmUp } from './warm-up.js';

/** Makes the entry file that calls it the component of one role. Spin lets only the role's own route through to it. */
export function serve(appId: AppId): void {
  warmUp();
  addEventListener('fetch', event => {
    event.respondWith(
      new Promise((resolve, reject) => {
        handle({ appId, request: event.request, response: new ResponseBuilder(resolve) }).catch(reject);
      }),
    );
  });
}

interface Exchange {
  readonly appId: AppId;
  readonly request: Request;
  readonly response: ResponseBuilder;
}

async function handle({ appId, request, response }: Exchange): Promise<void> {
  if (request.method === 'OPTIONS') return response.status(200).send();
  if (request.method !== 'POST') return response.status(405).set('allow', 'POST, OPTIONS').send();
  const outcome = await takeOrder(appId, request);
  // An outcome's detail holds an order's id at most, never its content.
  if (outcome.kind !== 'done') console.warn(`${outcome.kind}: ${outcome.detail}`);
  const { status, problem } = answer(outcome);
  response.status(status);
  if (problem) response.set('content-type', PROBLEM_CONTENT_TYPE).send(JSON.stringify(problem));
  else response.send();
}

async function takeOrder(appId: AppId, request: Request): Promise<Outcome> {
  const announcedBytes = Number(request.headers.get('content-length') ?? 0);
  if (announcedBytes > MAX_ORDER_BYTES) return tooLarge(`${announcedBytes} bytes`);
  const bytes = new Uint8Array(await request.arrayBuffer());
  return processOrder({
    appId,
    bytes,
    bindings: new FetchBindings({ daprUrl: daprUrl(), fetch, timeoutMs: BINDING_TIME_LIMIT_MS }),
  });
}

/** Read for each request: a component starts from a snapshot that was made before there were variables. */
function daprUrl(): string {
  const url = Variables.get('dapr_url');
  if (url) return url;
  throw new Error('The component variable dapr_url is not set; see [component.<id>.variables] in spin.toml.');
}

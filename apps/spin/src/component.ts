import { ResponseBuilder } from '@fermyon/spin-sdk';
import {
  API_TOKEN_HEADER,
  type AppId,
  answer,
  BINDING_TIME_LIMIT_MS,
  COMPRESSED,
  isApiToken,
  MAX_ORDER_BYTES,
  type Outcome,
  PROBLEM_CONTENT_TYPE,
  processOrder,
  readTrace,
  type Trace,
  tooLarge,
  UNAUTHORIZED,
} from '@order-bench/orders';
import { FetchBindings } from './fetch-bindings.js';
import { FetchEvents } from './fetch-events.js';
import { readSettings, type Settings } from './settings.js';
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

interface Delivered extends Pick<Exchange, 'appId' | 'request'> {
  readonly settings: Settings;
  readonly trace: Trace | undefined;
}

async function handle({ appId, request, response }: Exchange): Promise<void> {
  const settings = readSettings();
  const isLetIn = mayPass(request, settings);
  if (isLetIn && request.method === 'OPTIONS') return response.status(200).send();
  if (isLetIn && request.method !== 'POST') return response.status(405).set('allow', 'POST, OPTIONS').send();
  const trace = readTrace(name => request.headers.get(name));
  const outcome = isLetIn ? await takeOrder({ appId, request, settings, trace }) : UNAUTHORIZED;
  log(outcome, trace);
  const { status, problem } = answer(outcome);
  response.status(status);
  if (problem) response.set('content-type', PROBLEM_CONTENT_TYPE).send(JSON.stringify(problem));
  else response.send();
}

/** Whether the caller sent the app's token, where one is set. */
function mayPass(request: Request, { appApiToken }: Settings): boolean {
  return appApiToken === '' || isApiToken(request.headers.get(API_TOKEN_HEADER), appApiToken);
}

/** An outcome's detail holds an order's id at most, never its content. */
function log(outcome: Outcome, trace: Trace | undefined): void {
  if (outcome.kind === 'done') return;
  console.warn(`${outcome.kind}: ${outcome.detail}${trace ? ` traceparent=${trace.traceparent}` : ''}`);
}

async function takeOrder({ appId, request, settings, trace }: Delivered): Promise<Outcome> {
  const announcedBytes = Number(request.headers.get('content-length') ?? 0);
  if (announcedBytes > MAX_ORDER_BYTES) return tooLarge(`${announcedBytes} bytes`);
  if ((request.headers.get('content-encoding') ?? 'identity') !== 'identity') return COMPRESSED;
  const bytes = new Uint8Array(await request.arrayBuffer());
  const dapr = { ...settings, fetch, timeoutMs: BINDING_TIME_LIMIT_MS };
  return processOrder({
    appId,
    bytes,
    bindings: new FetchBindings(dapr),
    events: settings.publishes ? new FetchEvents(dapr) : undefined,
    trace,
  });
}

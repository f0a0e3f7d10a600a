import { ResponseBuilder, Variables } from '@fermyon/spin-sdk';
import { type ApiOptions, type ApiRequest, DaprPipeline, DaprState, handleRequest } from '@order-bench/order-api';

addEventListener('fetch', event => {
  event.respondWith(
    new Promise((resolve, reject) => {
      answer(event.request, new ResponseBuilder(resolve)).catch(reject);
    }),
  );
});

async function answer(request: Request, response: ResponseBuilder): Promise<void> {
  const { status, headers, body } = await handleRequest(apiRequest(request), readOptions());
  response.status(status);
  for (const [name, value] of Object.entries(headers)) response.set(name, value);
  if (body === undefined) response.send();
  else response.send(body);
}

function apiRequest(request: Request): ApiRequest {
  const { pathname, searchParams } = new URL(request.url, 'http://api');
  return {
    method: request.method,
    path: pathname,
    query: searchParams,
    header: name => request.headers.get(name) ?? undefined,
    async body(limitBytes) {
      if (Number(request.headers.get('content-length') ?? 0) > limitBytes) return undefined;
      const bytes = new Uint8Array(await request.arrayBuffer());
      return bytes.length > limitBytes ? undefined : bytes;
    },
  };
}

/** For each request anew: a component starts from a snapshot that was made before there were any variables. */
function readOptions(): ApiOptions {
  const [daprApiToken = '', token = '', origins = ''] = (Variables.get('settings') ?? '').split('|');
  const dapr = { daprUrl: Variables.get('dapr_url') ?? '', daprApiToken, fetch };
  return {
    state: new DaprState(dapr),
    pipeline: new DaprPipeline(dapr),
    token,
    allowedOrigins: origins.split(' ').filter(origin => origin !== ''),
    now: Date.now,
  };
}

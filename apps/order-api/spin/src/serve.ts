import { ResponseBuilder } from '@fermyon/spin-sdk';
import type { ApiRequest, ApiResponse } from '@order-bench/order-api';

/**
 * Makes the entry file that calls it the component of one role.
 *
 * @param makeRole called for each request anew: a component starts from a snapshot that was made before there were any variables
 */
export function serve(makeRole: () => (request: ApiRequest) => Promise<ApiResponse>): void {
  addEventListener('fetch', event => {
    event.respondWith(
      new Promise((resolve, reject) => {
        answer(event.request, new ResponseBuilder(resolve), makeRole).catch(reject);
      }),
    );
  });
}

async function answer(
  request: Request,
  response: ResponseBuilder,
  makeRole: Parameters<typeof serve>[0],
): Promise<void> {
  const { status, headers, body } = await makeRole()(apiRequest(request));
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
      if (Number(request.headers.get('content-length') ?? 0) > limitBytes) {
        await readAway(request, limitBytes);
        return undefined;
      }
      const bytes = new Uint8Array(await request.arrayBuffer());
      return bytes.length > limitBytes ? undefined : bytes;
    },
  };
}

/** Who is still sending when the answer comes, and the connection ends, would not hear it: so much again is read, and no more. */
async function readAway({ body }: Request, limitBytes: number): Promise<void> {
  const reader = body?.getReader();
  for (let sizeBytes = 0; reader && sizeBytes <= 2 * limitBytes; ) {
    const { value } = await reader.read();
    if (!value) return;
    sizeBytes += value.length;
  }
}

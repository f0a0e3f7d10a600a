import { isApiToken } from '@order-bench/orders';
import { acceptOrder } from './accept-order.js';
import { corsHeaders, isPreflight } from './cors.js';
import { HOME_RESOURCES } from './home.js';
import { type ApiRequest, type ApiResponse, failure } from './http.js';
import { IMPORT_RESOURCES } from './imports.js';
import { JOB_RESOURCES } from './jobs.js';
import { listOrders } from './list-orders.js';
import { OPENAPI_RESOURCES } from './openapi.js';
import { type ApiOptions, DaprFailed } from './ports.js';
import type { Resource, ResourceHandler, ResourceRoute } from './resource.js';
import { showOrder } from './show-order.js';
import { WEBHOOK_RESOURCES } from './webhooks.js';

/** Answers one request to the Order API, whatever it is and whatever becomes of it. */
export async function handleRequest(request: ApiRequest, options: ApiOptions): Promise<ApiResponse> {
  const cors = {
    method: request.method,
    origin: request.header('origin'),
    requestMethod: request.header('access-control-request-method'),
  };
  const answer = isPreflight(cors) ? NOTHING : await answerTo(request, options);
  const { vary = '', ...headers } = { ...answer.headers, ...SECURITY };
  const { vary: origin = '', ...crossOrigin } = corsHeaders(cors, options.allowedOrigins);
  const varies = [vary, origin].filter(name => name !== '').join(', ');
  const { body, ...rest } = answer;
  const withHeaders = { ...rest, headers: { ...headers, ...crossOrigin, vary: varies } };
  return body === undefined || request.method === 'HEAD' ? withHeaders : { ...withHeaders, body };
}

const NOTHING: ApiResponse = { status: 204, headers: {} };
const SECURITY = { 'x-content-type-options': 'nosniff' };

async function answerTo(request: ApiRequest, options: ApiOptions): Promise<ApiResponse> {
  try {
    const open = resourceAt(request.path, OPEN_RESOURCES);
    const resource = open ?? resourceAt(request.path, RESOURCES);
    if (request.method === 'OPTIONS') return { status: 204, headers: { allow: allowed(resource ?? {}) } };
    if (!open && !isLetIn(request, options)) return UNAUTHORIZED;
    if (!resource) return failure(404, 'There is nothing here: the API has /orders, /imports, /jobs and /webhooks.');
    const handler = Object.hasOwn(resource, request.method) ? resource[request.method] : undefined;
    if (!handler) return failure(405, `It takes ${allowed(resource)}.`, { headers: { allow: allowed(resource) } });
    return await handler(request, options);
  } catch (error) {
    if (!(error instanceof DaprFailed)) throw error;
    return error.of === 'state'
      ? failure(503, `The state can't be reached, and nothing was sent: ${error.message}`, {
          headers: { 'retry-after': '1' },
        })
      : failure(error.isLate ? 504 : 502, error.message);
  }
}

const HEALTH: Resource = { GET: async () => NOTHING, HEAD: async () => NOTHING };

/** What nobody needs a token for: it tells nothing of any order. */
const OPEN_RESOURCES: readonly ResourceRoute[] = [
  [/^\/healthz$|^\/\.well-known\/spin\/health$/, HEALTH],
  ...HOME_RESOURCES,
  ...OPENAPI_RESOURCES,
];

/** Every resource of the API by the pattern of its path; what the pattern captures goes to the handlers. */
const RESOURCES: readonly ResourceRoute[] = [
  [/^\/orders$/, { GET: listOrders, HEAD: listOrders, POST: acceptOrder }],
  [/^\/orders\/([1-9]\d{0,15})$/, { GET: showOrder, HEAD: showOrder }],
  ...IMPORT_RESOURCES,
  ...JOB_RESOURCES,
  ...WEBHOOK_RESOURCES,
];

function resourceAt(path: string, resources: readonly ResourceRoute[]): Resource | undefined {
  for (const [pattern, resource] of resources) {
    const [found, ...names] = pattern.exec(path) ?? [];
    if (found === undefined) continue;
    const bound = Object.entries(resource).map(([method, handler]): [string, ResourceHandler] => [
      method,
      (request, options) => handler(request, options, ...names),
    ]);
    return Object.fromEntries(bound);
  }
  return undefined;
}

function allowed(resource: Resource): string {
  return [...Object.keys(resource), 'OPTIONS'].join(', ');
}

/** RFC 6750: the scheme's name in any case. */
function isLetIn(request: ApiRequest, { token }: ApiOptions): boolean {
  if (token === '') return true;
  const [, given] = /^bearer +(.+)$/i.exec(request.header('authorization') ?? '') ?? [];
  return isApiToken(given, token);
}

const UNAUTHORIZED = failure(401, 'Send the token as "Authorization: Bearer <token>".', {
  headers: { 'www-authenticate': 'Bearer realm="orders"' },
});

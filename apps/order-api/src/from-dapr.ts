import { API_TOKEN_HEADER, isApiToken } from '@order-bench/orders';
import { type ApiRequest, type ApiResponse, failure } from './http.js';
import { DaprFailed } from './ports.js';

/** Does what one delivery asks. @throws DaprFailed where Dapr could not do its part: the message comes again */
export type DeliveryHandler = (body: Uint8Array<ArrayBuffer>) => Promise<ApiResponse>;

/** The deliveries that a role takes, by their paths. */
export type DeliveryRoutes = Readonly<Record<string, DeliveryHandler>>;

/** What a role needs beside its routes. */
export interface DeliveryOptions {
  readonly routes: DeliveryRoutes;
  /** What daprd must send; empty lets everybody in. */
  readonly appApiToken: string;
}

/**
 * Answers what daprd brings: the health check, and POST at the role's routes. Never 404 to an event: Dapr drops what meets one.
 * 200 and not 204 is success, for Dapr's retries take nothing else for it.
 */
export async function handleDelivery(request: ApiRequest, options: DeliveryOptions): Promise<ApiResponse> {
  const { method, path } = request;
  if (path === '/healthz') return { status: 204, headers: {} };
  const handler = Object.hasOwn(options.routes, path) ? options.routes[path] : undefined;
  if (!handler) return failure(404, `Nothing is delivered here, but at ${Object.keys(options.routes).join(', ')}.`);
  const { appApiToken } = options;
  if (appApiToken !== '' && !isApiToken(request.header(API_TOKEN_HEADER), appApiToken))
    return failure(401, 'Give daprd the same APP_API_TOKEN as the app.');
  if (method === 'OPTIONS') return { status: 200, headers: {} };
  if (method !== 'POST') return failure(405, 'It takes POST and OPTIONS.', { headers: { allow: 'POST, OPTIONS' } });
  const body = await request.body(MAX_DELIVERY_BYTES);
  if (!body) return failure(413, `A delivery has at most ${MAX_DELIVERY_BYTES} bytes.`);
  try {
    return await handler(body);
  } catch (error) {
    if (!(error instanceof DaprFailed)) throw error;
    return failure(error.of === 'state' ? 503 : error.isLate ? 504 : 502, error.message);
  }
}

/** No event and no message of the API's own comes near. */
const MAX_DELIVERY_BYTES = 65_536;

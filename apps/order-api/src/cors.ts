/** Headers of an answer by their names. */
export type Headers = Readonly<Record<string, string>>;

/** What of a request decides its CORS headers; a header that is absent is undefined. */
export interface CorsRequest {
  readonly method: string;
  readonly origin: string | undefined;
  readonly requestMethod: string | undefined;
}

const METHODS = 'GET, HEAD, POST, PUT, DELETE';
const REQUEST_HEADERS = 'Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match';
const EXPOSED_HEADERS = 'ETag, Location, Retry-After, Link, Age, Cache-Status';
/** Chromium keeps a preflight no longer. */
const MAX_AGE_S = 7_200;

/**
 * Whether a request only asks what it may do (Fetch standard, CORS-preflight request): it is answered with 204 before anything
 * is looked at or done.
 */
export function isPreflight({ method, origin, requestMethod }: CorsRequest): boolean {
  return method === 'OPTIONS' && origin !== undefined && requestMethod !== undefined;
}

/**
 * The CORS headers of an answer, errors' included. An origin is allowed where it is listed, letter by letter; credentials never
 * are, so that no cookie rides along. `Vary` always says that the answer depends on the origin.
 *
 * @param allowed origins as browsers send them: scheme, host and port, no path.
 */
export function corsHeaders(request: CorsRequest, allowed: readonly string[]): Headers {
  const { origin } = request;
  const vary = { vary: 'Origin' };
  // "null" is what a sandboxed frame sends, whoever put it there.
  if (origin === undefined || origin === 'null' || !allowed.includes(origin)) return vary;
  const common = { ...vary, 'access-control-allow-origin': origin };
  if (!isPreflight(request)) return { ...common, 'access-control-expose-headers': EXPOSED_HEADERS };
  return {
    ...common,
    'access-control-allow-methods': METHODS,
    // Named one by one: `*` never covers Authorization.
    'access-control-allow-headers': REQUEST_HEADERS,
    'access-control-max-age': String(MAX_AGE_S),
  };
}

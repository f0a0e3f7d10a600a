import { isNotModified, orderETag } from './etag.js';
import { HTML_POLICY } from './html-page.js';
import { type ApiRequest, type ApiResponse, failure } from './http.js';
import { MEDIA_TYPES, negotiate, type Representation } from './negotiate.js';
import { type OrderRecord, readOrder, type WrittenOrder } from './order-record.js';
import { type ApiOptions, DaprFailed } from './ports.js';
import { type OrderView, OVERDUE_AFTER_MS, represent } from './represent.js';

/** Written orders never change. */
const WRITTEN_CACHE = 'private, max-age=86400, immutable';
const PENDING_CACHE = 'no-cache';

/**
 * GET and HEAD /orders/{id}: the order in the form that the caller wants most, and how far it is, by the read model. What is
 * written comes from the cache where it is there, and nothing else is then asked.
 *
 * @throws DaprFailed where state or pipeline is away.
 */
export async function showOrder(request: ApiRequest, options: ApiOptions, id: string): Promise<ApiResponse> {
  const orderId = Number(id);
  const as = negotiate(request.header('accept'));
  const cached = as && ((await options.cache.get(cacheKey(id, as))) as Shown | undefined);
  if (as && cached) {
    const ageS = Math.max(0, Math.floor((options.now() - cached.atMs) / 1000));
    return show({ request, as, shown: cached, cacheHeaders: { age: String(ageS), 'cache-status': `${CACHE}; hit` } });
  }
  const record = Number.isSafeInteger(orderId) ? (await readOrder(orderId, options))?.record : undefined;
  if (!record) return failure(404, `There is no order ${id}.`);
  if (!as) return failure(406, `An order is shown as ${Object.values(MEDIA_TYPES).join(', ')}.`);
  if (!record.written) return pending(record, as, options);
  const etag = orderETag(record.written.digest, as);
  const missed = `${CACHE}; fwd=uri-miss`;
  if (isNotModified(request.header('if-none-match'), etag)) {
    const shown = { etag, body: '', atMs: options.now() };
    return show({ request, as, shown, cacheHeaders: { age: '0', 'cache-status': missed } });
  }
  const shown: Shown = { etag, body: await bodyOf(record, record.written, as, options), atMs: options.now() };
  const isStored = shown.body.length <= MAX_CACHED_CHARACTERS && (await options.cache.set(cacheKey(id, as), shown));
  return show({
    request,
    as,
    shown,
    cacheHeaders: { age: '0', 'cache-status': missed + (isStored ? '; stored' : '') },
  });
}

/** The name of this cache in Cache-Status (RFC 9211): that of its component. */
const CACHE = 'orders-cache';

/** A memory is small: what is larger is read each time. */
const MAX_CACHED_CHARACTERS = 65_536;

/** A representation, as the cache keeps it. */
interface Shown {
  readonly etag: string;
  readonly body: string;
  /** When it was made, milliseconds since 1970. */
  readonly atMs: number;
}

function cacheKey(id: string, as: Representation): string {
  return `order-${id}-${as}`;
}

interface Showing {
  readonly request: ApiRequest;
  readonly as: Representation;
  readonly shown: Shown;
  readonly cacheHeaders: Readonly<Record<string, string>>;
}

function show({ request, as, shown, cacheHeaders }: Showing): ApiResponse {
  const headers = { ...headersOf(as), ...cacheHeaders, etag: shown.etag, 'cache-control': WRITTEN_CACHE };
  if (!isNotModified(request.header('if-none-match'), shown.etag)) return { status: 200, headers, body: shown.body };
  const { 'content-type': _, ...withoutContent } = headers;
  return { status: 304, headers: withoutContent };
}

async function bodyOf(
  { orderId, acceptedAt, route }: OrderRecord,
  { blobName }: WrittenOrder,
  as: Representation,
  { pipeline }: ApiOptions,
): Promise<string> {
  const text = await pipeline.readWritten(Number(blobName), route);
  if (text === undefined) throw new DaprFailed('pipeline', `The blob ${blobName} of the order is gone.`);
  return represent({ orderId, acceptedAt, status: 'written', text }, as);
}

function pending({ orderId, acceptedAt }: OrderRecord, as: Representation, { now }: ApiOptions): ApiResponse {
  const isOverdue = now() - Date.parse(acceptedAt) >= OVERDUE_AFTER_MS;
  const view: OrderView = { orderId, acceptedAt, status: isOverdue ? 'overdue' : 'accepted' };
  const headers = { ...headersOf(as), 'cache-control': PENDING_CACHE, 'retry-after': '1' };
  return { status: 200, headers, body: represent(view, as) };
}

function headersOf(as: Representation) {
  const common = { 'content-type': `${MEDIA_TYPES[as]}; charset=utf-8`, vary: 'Accept' };
  return as === 'html' ? { ...common, 'content-security-policy': HTML_POLICY } : common;
}

import { ORDER_WRITTEN } from '@order-bench/orders';
import { nextLink, readPage } from './cursor.js';
import { mayChange } from './etag.js';
import { type ApiRequest, type ApiResponse, failure, json, mediaTypeOf } from './http.js';
import type { ApiOptions } from './ports.js';
import type { ResourceRoute } from './resource.js';
import { type Webhook, withNewSecret } from './webhook.js';
import { KEPT_DELIVERIES, readDeliveries, removeDeliveries } from './webhook-deliveries.js';
import { sendAttempt } from './webhook-message.js';
import { newWebhookSecret } from './webhook-signature.js';
import {
  changeWebhooks,
  MOST_WEBHOOKS,
  readWebhooks,
  shownWebhook,
  type WebhookChange,
  webhookETag,
  withWebhook,
} from './webhook-store.js';
import { webhookUrlFault } from './webhook-url.js';

const ID = '(wh_[0-9a-f-]{36})';

/** The webhooks of partners. A secret is in two answers, that which makes the webhook and that which makes the secret anew. */
export const WEBHOOK_RESOURCES: readonly ResourceRoute[] = [
  [/^\/webhooks$/, { GET: list, HEAD: list, POST: create }],
  [new RegExp(`^/webhooks/${ID}$`), { GET: show, HEAD: show, PUT: change, DELETE: remove }],
  [new RegExp(`^/webhooks/${ID}/secret$`), { POST: renewSecret }],
  [new RegExp(`^/webhooks/${ID}/deliveries$`), { GET: listDeliveries, HEAD: listDeliveries }],
  [new RegExp(`^/webhooks/${ID}/deliveries/([\\w-]{1,100})$`), { POST: sendAgain }],
];

/** What a partner asks for. */
interface Wanted {
  readonly url: string;
  readonly events: readonly string[];
}

const EVENTS: readonly string[] = [ORDER_WRITTEN];
const MAX_BODY_BYTES = 16_384;
const MAX_URL_CHARACTERS = 2_000;
const NO_STORE = { 'cache-control': 'no-store' };
const NO_CACHE = { 'cache-control': 'no-cache' };

async function create(request: ApiRequest, options: ApiOptions): Promise<ApiResponse> {
  const wanted = await readWanted(request, options);
  if ('status' in wanted) return wanted;
  const secret = newWebhookSecret();
  const webhook: Webhook = { id: `wh_${crypto.randomUUID()}`, ...wanted, state: 'pending', secret, failures: 0 };
  return changeWebhooks(options.state, async (webhooks): Promise<WebhookChange<ApiResponse>> => {
    if (webhooks.some(({ url }) => url === wanted.url)) return { result: URL_TAKEN };
    if (webhooks.length >= MOST_WEBHOOKS)
      return { result: failure(409, `There are ${MOST_WEBHOOKS} webhooks already: delete one.`) };
    const headers = { ...NO_STORE, location: `/webhooks/${webhook.id}`, etag: await webhookETag(webhook) };
    return { webhooks: [...webhooks, webhook], result: json(201, { ...shownWebhook(webhook), secret }, headers) };
  });
}

const URL_TAKEN = failure(409, 'There is a webhook with this URL.', { field: 'url' });

async function list({ query }: ApiRequest, { state }: ApiOptions): Promise<ApiResponse> {
  const page = readPage(query);
  if ('field' in page) return failure(400, `${page.detail}.`, { field: page.field });
  const webhooks = await readWebhooks(state);
  const from = page.marker === undefined ? 0 : webhooks.findIndex(({ id }) => id === page.marker);
  if (from < 0) return failure(400, 'cursor is of a webhook that is gone: begin anew.', { field: 'cursor' });
  const next = webhooks[from + page.limit];
  const link = next ? { link: nextLink('/webhooks', { limit: page.limit }, next.id) } : {};
  const shown = webhooks
    .slice(from, from + page.limit)
    .map(webhook => ({ ...shownWebhook(webhook), href: hrefOf(webhook) }));
  return json(200, { webhooks: shown }, { ...NO_CACHE, ...link });
}

async function show(_request: ApiRequest, { state }: ApiOptions, id: string): Promise<ApiResponse> {
  const webhook = (await readWebhooks(state)).find(each => each.id === id);
  if (!webhook) return notFound(id);
  return json(200, shownWebhook(webhook), { ...NO_CACHE, etag: await webhookETag(webhook) });
}

/** Another URL, and one that was disabled, has to agree anew. */
async function change(request: ApiRequest, options: ApiOptions, id: string): Promise<ApiResponse> {
  const wanted = await readWanted(request, options);
  if ('status' in wanted) return wanted;
  return changeOne(request, options, id, async (webhook, others) => {
    if (others.some(({ url }) => url === wanted.url)) return { result: URL_TAKEN };
    const isAgreed = webhook.state === 'active' && webhook.url === wanted.url;
    const changed: Webhook = { ...webhook, ...wanted, ...(isAgreed ? {} : { state: 'pending', failures: 0 }) };
    return {
      webhook: changed,
      result: json(200, shownWebhook(changed), { ...NO_STORE, etag: await webhookETag(changed) }),
    };
  });
}

async function renewSecret(request: ApiRequest, options: ApiOptions, id: string): Promise<ApiResponse> {
  const secret = newWebhookSecret();
  return changeOne(request, options, id, async webhook => {
    const changed = withNewSecret(webhook, secret, options.now());
    return { webhook: changed, result: json(200, { id, secret }, { ...NO_STORE, etag: await webhookETag(changed) }) };
  });
}

async function remove(request: ApiRequest, options: ApiOptions, id: string): Promise<ApiResponse> {
  const answer = await changeOne(request, options, id, async () => ({
    webhook: 'remove',
    result: { status: 204, headers: {} },
  }));
  if (answer.status === 204) await removeDeliveries(options.state, id);
  return answer;
}

interface OneChange {
  readonly webhook?: Webhook | 'remove';
  readonly result: ApiResponse;
}

/** Changes a webhook that is still as the caller saw it: RFC 9110, section 13.1.1, and RFC 6585 for who does not say. */
async function changeOne(
  request: ApiRequest,
  { state }: ApiOptions,
  id: string,
  act: (webhook: Webhook, others: readonly Webhook[]) => Promise<OneChange>,
): Promise<ApiResponse> {
  return changeWebhooks(state, async (webhooks): Promise<WebhookChange<ApiResponse>> => {
    const webhook = webhooks.find(each => each.id === id);
    if (!webhook) return { result: notFound(id) };
    const etag = await webhookETag(webhook);
    const refusal = REFUSALS[mayChange(request.header('if-match'), etag)];
    if (refusal) return { result: refusal };
    const others = webhooks.filter(each => each.id !== id);
    const { webhook: changed, result } = await act(webhook, others);
    if (!changed) return { result };
    return { webhooks: changed === 'remove' ? others : withWebhook(webhooks, changed), result };
  });
}

const REFUSALS: Readonly<Record<ReturnType<typeof mayChange>, ApiResponse | undefined>> = {
  holds: undefined,
  missing: failure(428, 'Send the ETag that you saw as If-Match.', { field: 'If-Match' }),
  fails: failure(412, 'It has changed since: read it again.', { field: 'If-Match' }),
  malformed: failure(400, 'If-Match is no list of entity tags.', { field: 'If-Match' }),
};

async function listDeliveries(_request: ApiRequest, { state }: ApiOptions, id: string): Promise<ApiResponse> {
  if (!(await readWebhooks(state)).some(webhook => webhook.id === id)) return notFound(id);
  const deliveries = (await readDeliveries(state, id)).map(({ body: _, ...delivery }) => delivery);
  return json(200, { deliveries }, NO_CACHE);
}

/** The event once more from its first attempt, with its id: a partner that has it already knows it by that. */
async function sendAgain(
  _request: ApiRequest,
  { state, queue }: ApiOptions,
  id: string,
  eventId: string,
): Promise<ApiResponse> {
  const webhook = (await readWebhooks(state)).find(each => each.id === id);
  if (!webhook) return notFound(id);
  const delivery = (await readDeliveries(state, id)).find(each => each.eventId === eventId);
  if (!delivery) return failure(404, `Of its last ${KEPT_DELIVERIES} deliveries none is of ${eventId}.`);
  if (webhook.state === 'disabled')
    return failure(409, 'The webhook is disabled: change it, and its partner is asked anew.');
  await sendAttempt(queue, { webhookId: id, eventId, attempt: 1, body: delivery.body });
  return json(202, { eventId, status: 'queued' }, { ...NO_STORE, location: `/webhooks/${id}/deliveries` });
}

/** What a body asks for, or why it is refused. */
async function readWanted(request: ApiRequest, { webhookRules }: ApiOptions): Promise<Wanted | ApiResponse> {
  if (mediaTypeOf(request) !== 'application/json')
    return failure(415, 'A webhook is sent as application/json.', { headers: { accept: 'application/json' } });
  const bytes = await request.body(MAX_BODY_BYTES);
  if (!bytes) return failure(413, `A webhook has at most ${MAX_BODY_BYTES} bytes.`);
  const { url, events } = fieldsOf(bytes);
  if (typeof url !== 'string') return failure(400, 'url must be a text.', { field: 'url' });
  const fault = webhookUrlFault(url, webhookRules);
  if (fault !== undefined) return failure(400, `url ${fault}.`, { field: 'url' });
  const { href } = new URL(url);
  // As it is kept it may be longer: "/" behind the host, escapes.
  if (href.length > MAX_URL_CHARACTERS)
    return failure(400, `url must have at most ${MAX_URL_CHARACTERS} characters.`, { field: 'url' });
  const isList = Array.isArray(events) && events.length > 0 && events.every(event => EVENTS.includes(event));
  if (!isList) return failure(400, `events must be a list of ${EVENTS.join(', ')}.`, { field: 'events' });
  return { url: href, events: [...new Set<string>(events)] };
}

function fieldsOf(bytes: Uint8Array): { readonly url?: unknown; readonly events?: unknown } {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

function notFound(id: string): ApiResponse {
  return failure(404, `There is no webhook ${id}.`);
}

function hrefOf({ id }: Webhook): string {
  return `/webhooks/${id}`;
}

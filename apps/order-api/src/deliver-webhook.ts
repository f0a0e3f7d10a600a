import { type ApiResponse, failure } from './http.js';
import type { QueuePort, StatePort } from './ports.js';
import { type AttemptOutcome, afterAttempt, signingSecrets, type Webhook, webhookAfter } from './webhook.js';
import { addDelivery, type WebhookDelivery } from './webhook-deliveries.js';
import { readAttempt, sendAttempt, type WebhookAttempt } from './webhook-message.js';
import { signWebhook, WEBHOOK_HEADERS } from './webhook-signature.js';
import { changeWebhooks, readWebhooks, withWebhook } from './webhook-store.js';
import { type WebhookRules, webhookUrlFault } from './webhook-url.js';

/** What delivers webhooks. */
export interface WebhookOptions {
  readonly state: StatePort;
  readonly queue: QueuePort;
  readonly fetch: typeof fetch;
  readonly webhookRules: WebhookRules;
  /** Who asks partners whether they want webhooks: the name of this system, as a host's. */
  readonly webhookOrigin: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** From 0 to 1: `randomShare`, but for tests. */
  readonly random: () => number;
}

/** Time that a partner has for its answer. */
export const PARTNER_TIME_LIMIT_MS = 10_000;

/**
 * Makes one attempt at a webhook: asks a partner that has not agreed yet, signs, sends, and has the next attempt made later where
 * this one failed. Whatever ends it in between, the message comes again: a partner may get an event twice, with one id.
 *
 * @throws DaprFailed where state or queue is away
 */
export async function deliverWebhook(message: Uint8Array, options: WebhookOptions): Promise<ApiResponse> {
  const attempt = readAttempt(message);
  if (!attempt) return failure(400, 'The message is no attempt at a webhook.');
  const webhook = (await readWebhooks(options.state)).find(({ id }) => id === attempt.webhookId);
  if (!webhook || webhook.state === 'disabled') return DONE;
  const outcome = await attemptAt(webhook, attempt, options);
  await conclude(attempt, outcome, options);
  return DONE;
}

/** Dapr's retries take only 200 for success. */
const DONE: ApiResponse = { status: 200, headers: {} };

/** What an attempt came to, and why where that is no status. */
interface Outcome extends AttemptOutcome {
  readonly reason?: string;
}

async function attemptAt(webhook: Webhook, attempt: WebhookAttempt, options: WebhookOptions): Promise<Outcome> {
  // Rules may have changed since it was made.
  const fault = webhookUrlFault(webhook.url, options.webhookRules);
  if (fault !== undefined) return { reason: `Its URL ${fault}.` };
  if (webhook.state === 'pending') {
    const asked = await ask(webhook, options);
    if (asked !== 'agreed') return asked;
  }
  const timestamp = Math.floor(options.now() / 1000);
  const signed = { id: attempt.eventId, timestamp, body: attempt.body };
  const headers = {
    'content-type': 'application/json',
    [WEBHOOK_HEADERS.id]: attempt.eventId,
    [WEBHOOK_HEADERS.timestamp]: String(timestamp),
    [WEBHOOK_HEADERS.signature]: await signWebhook(signed, signingSecrets(webhook, options.now())),
  };
  const answer = await call(webhook.url, { method: 'POST', headers, body: attempt.body }, options);
  return 'reason' in answer ? answer : outcomeOf(answer);
}

/**
 * Asks by OPTIONS whether a partner wants webhooks from here (CloudEvents 1.0, HTTP Webhook, section 4), so that nobody can have
 * them sent to who does not; who agrees is active from then on.
 */
async function ask(webhook: Webhook, options: WebhookOptions): Promise<'agreed' | Outcome> {
  const { state, webhookOrigin } = options;
  const headers = { 'webhook-request-origin': webhookOrigin };
  const answer = await call(webhook.url, { method: 'OPTIONS', headers }, options);
  if ('reason' in answer) return answer;
  const allowed = answer.headers.get('webhook-allowed-origin')?.trim();
  const outcome = outcomeOf(answer);
  if (!answer.ok) return { ...outcome, reason: 'It did not agree to webhooks.' };
  if (allowed !== '*' && allowed?.toLowerCase() !== webhookOrigin.toLowerCase())
    return { reason: `It did not agree to webhooks: WebHook-Allowed-Origin is not ${webhookOrigin}.` };
  await changeWebhooks(state, async webhooks => {
    const now = webhooks.find(({ id }) => id === webhook.id);
    if (now?.state !== 'pending' || now.url !== webhook.url) return { result: undefined };
    return { webhooks: withWebhook(webhooks, { ...now, state: 'active' }), result: undefined };
  });
  return 'agreed';
}

/** What follows an attempt, in an order in which a kill between any two steps loses nothing. */
async function conclude(attempt: WebhookAttempt, outcome: Outcome, options: WebhookOptions): Promise<void> {
  const { state, queue } = options;
  const nowMs = options.now();
  const next = afterAttempt(attempt.attempt, outcome, nowMs, options.random());
  const nextAtMs = next.kind === 'retry' ? nowMs + next.delayMs : undefined;
  if (nextAtMs !== undefined) await sendAttempt(queue, { ...attempt, attempt: attempt.attempt + 1 }, nextAtMs);
  const { kind } = next;
  if (kind !== 'retry') {
    await changeWebhooks(state, async webhooks => {
      const webhook = webhooks.find(({ id }) => id === attempt.webhookId);
      const changed = webhook && webhookAfter(webhook, kind);
      if (!changed || changed === webhook) return { result: undefined };
      return { webhooks: withWebhook(webhooks, changed), result: undefined };
    });
  }
  const { eventId, body } = attempt;
  const delivery: WebhookDelivery = {
    ...{ eventId, attempt: attempt.attempt, at: new Date(nowMs).toISOString(), outcome: kind, body },
    ...(outcome.status === undefined ? {} : { status: outcome.status }),
    ...(outcome.reason === undefined ? {} : { reason: outcome.reason }),
    ...(nextAtMs === undefined ? {} : { nextAt: new Date(nextAtMs).toISOString() }),
  };
  await addDelivery(state, attempt.webhookId, delivery);
}

interface PartnerRequest {
  readonly method: 'POST' | 'OPTIONS';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Calls a partner within the time limit; a redirection is followed nowhere. What it answers beside status and headers is not read. */
async function call(
  url: string,
  request: PartnerRequest,
  { fetch }: WebhookOptions,
): Promise<Response | { readonly reason: string }> {
  // Spin's JavaScript engine has no AbortController: there only the wait ends.
  const abort = typeof AbortController === 'undefined' ? undefined : new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<{ readonly reason: string }>(resolve => {
    timer = setTimeout(() => {
      resolve({ reason: `It did not answer within ${PARTNER_TIME_LIMIT_MS} ms.` });
      abort?.abort();
    }, PARTNER_TIME_LIMIT_MS);
  });
  const answered = fetch(url, { ...request, redirect: 'manual', signal: abort?.signal ?? null }).catch(() => ({
    // Not in its own words: they may tell of a network that is none of the partner's business.
    reason: "It can't be reached.",
  }));
  return Promise.race([answered, late]).finally(() => clearTimeout(timer));
}

function outcomeOf({ status, headers }: Response): AttemptOutcome {
  const retryAfter = headers.get('retry-after');
  return retryAfter === null ? { status } : { status, retryAfter };
}

import { changeState } from './change-state.js';
import { sha256Hex } from './digest.js';
import type { StatePort } from './ports.js';
import type { Webhook } from './webhook.js';

/** All webhooks are one document: a list of them is one read, and their number is limited. */
const KEY = 'webhooks';

/** Webhooks that there may be. */
export const MOST_WEBHOOKS = 100;

/** What a change makes of all webhooks, and what it answers; without `webhooks` nothing is changed. */
export interface WebhookChange<T> {
  readonly webhooks?: readonly Webhook[];
  readonly result: T;
}

/** All webhooks, oldest first. @throws DaprFailed where the state is away */
export async function readWebhooks(state: StatePort): Promise<readonly Webhook[]> {
  return webhooksIn((await state.get(KEY))?.value);
}

/** Changes webhooks by compare-and-set. @throws as changeState */
export function changeWebhooks<T>(
  state: StatePort,
  change: (webhooks: readonly Webhook[]) => Promise<WebhookChange<T>>,
): Promise<T> {
  return changeState(state, KEY, async stored => {
    const { webhooks, result } = await change(webhooksIn(stored?.value));
    return webhooks ? { value: { webhooks }, result } : { result };
  });
}

/** Puts a changed webhook in the place of the one before. */
export function withWebhook(webhooks: readonly Webhook[], changed: Webhook): readonly Webhook[] {
  return webhooks.map(webhook => (webhook.id === changed.id ? changed : webhook));
}

/** A webhook as everybody may see it: without its secrets. */
export function shownWebhook({ id, url, events, state }: Webhook) {
  return { id, url, events, status: state };
}

/** The validator of a webhook: it changes with what is shown, and with the secret, of which it tells nothing. */
export async function webhookETag(webhook: Webhook): Promise<string> {
  const digest = await sha256Hex(JSON.stringify([shownWebhook(webhook), webhook.secret]));
  return `"${digest.slice(0, ETAG_CHARACTERS)}"`;
}

const ETAG_CHARACTERS = 32;

function webhooksIn(value: unknown): readonly Webhook[] {
  return (value as { readonly webhooks: readonly Webhook[] } | undefined)?.webhooks ?? [];
}

import { DaprFailed, type StatePort } from './ports.js';

/** One attempt at a webhook. */
export interface WebhookDelivery {
  readonly eventId: string;
  /** From 1. */
  readonly attempt: number;
  /** When it ended, ISO 8601. */
  readonly at: string;
  /** What the partner answered; absent where it did not. */
  readonly status?: number;
  readonly outcome: 'delivered' | 'retry' | 'given-up' | 'gone';
  /** Why it failed, where that is no status. */
  readonly reason?: string;
  /** When it is tried again, ISO 8601. */
  readonly nextAt?: string;
  /** What was sent. */
  readonly body: string;
}

/** Attempts that are kept of a webhook. */
export const KEPT_DELIVERIES = 50;

/** The last attempts at a webhook, newest first. @throws DaprFailed where the state is away */
export async function readDeliveries(state: StatePort, webhookId: string): Promise<readonly WebhookDelivery[]> {
  return deliveriesIn((await state.get(keyOf(webhookId)))?.value);
}

/** Keeps an attempt, by compare-and-set. @throws DaprFailed where the state is away, or others change it all the time */
export async function addDelivery(state: StatePort, webhookId: string, delivery: WebhookDelivery): Promise<void> {
  const key = keyOf(webhookId);
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    const stored = await state.get(key);
    const value = { deliveries: [delivery, ...deliveriesIn(stored?.value)].slice(0, KEPT_DELIVERIES) };
    if (stored ? await state.replace(key, value, stored.etag) : await state.create(key, value)) return;
  }
  throw new DaprFailed(
    'state',
    `The deliveries of ${webhookId} were changed by others ${MOST_ATTEMPTS} times in a row.`,
  );
}

/** Forgets the attempts at a webhook that is gone. @throws DaprFailed where the state is away */
export async function removeDeliveries(state: StatePort, webhookId: string): Promise<void> {
  const stored = await state.get(keyOf(webhookId));
  if (stored) await state.remove(keyOf(webhookId), stored.etag);
}

/** As many as deliver at once, and more. */
const MOST_ATTEMPTS = 40;

function keyOf(webhookId: string): string {
  return `deliveries-${webhookId}`;
}

function deliveriesIn(value: unknown): readonly WebhookDelivery[] {
  return (value as { readonly deliveries: readonly WebhookDelivery[] } | undefined)?.deliveries ?? [];
}

import { changeState } from './change-state.js';
import type { StatePort } from './ports.js';

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

/** Keeps an attempt, by compare-and-set. @throws as changeState */
export function addDelivery(state: StatePort, webhookId: string, delivery: WebhookDelivery): Promise<void> {
  return changeState(state, keyOf(webhookId), stored => ({
    value: { deliveries: [delivery, ...deliveriesIn(stored?.value)].slice(0, KEPT_DELIVERIES) },
    result: undefined,
  }));
}

/** Forgets the attempts at a webhook that is gone. @throws DaprFailed where the state is away */
export async function removeDeliveries(state: StatePort, webhookId: string): Promise<void> {
  const stored = await state.get(keyOf(webhookId));
  if (stored) await state.remove(keyOf(webhookId), stored.etag);
}

function keyOf(webhookId: string): string {
  return `deliveries-${webhookId}`;
}

function deliveriesIn(value: unknown): readonly WebhookDelivery[] {
  return (value as { readonly deliveries: readonly WebhookDelivery[] } | undefined)?.deliveries ?? [];
}

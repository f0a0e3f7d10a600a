/** What is kept of a partner's webhook, changed by compare-and-set alone. */
export interface Webhook {
  readonly id: string;
  readonly url: string;
  readonly events: readonly string[];
  /** `pending` until the partner has agreed (CloudEvents' WebHook-Request-Origin); `disabled` gets nothing any more. */
  readonly state: 'pending' | 'active' | 'disabled';
  readonly secret: string;
  /** Signs too for a day after the other came, so that a partner can change at leisure. */
  readonly oldSecret?: { readonly secret: string; readonly untilMs: number };
  /** Deliveries in a row that were given up. */
  readonly failures: number;
}

/** Deliveries given up in a row that disable a webhook. */
export const MOST_FAILURES = 10;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Before each attempt, from the end of the one before: the schedule of Standard Webhooks. */
export const ATTEMPT_DELAYS_MS: readonly number[] = [
  0,
  5_000,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  14 * HOUR_MS,
  20 * HOUR_MS,
  24 * HOUR_MS,
];

/** Each delay is longer by up to this share, so that what failed together does not come again together. */
const JITTER_SHARE = 0.1;

/** What an attempt came to; `status` is absent where there was no answer. */
export interface AttemptOutcome {
  readonly status?: number;
  /** The header as it came. */
  readonly retryAfter?: string;
}

/** What follows an attempt. */
export type NextAttempt =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'retry'; readonly delayMs: number }
  /** All attempts are used up. */
  | { readonly kind: 'given-up' }
  /** The partner says that nobody is there any more: 410. */
  | { readonly kind: 'gone' };

/**
 * What follows an attempt: only 2xx is a success, a redirection is none, 410 ends it, and a partner that asks for more time by
 * `Retry-After` gets it, up to a day.
 *
 * @param attempt from 1.
 * @param random from 0 to 1.
 */
export function afterAttempt(attempt: number, outcome: AttemptOutcome, nowMs: number, random: number): NextAttempt {
  const { status, retryAfter } = outcome;
  if (status !== undefined && status >= 200 && status < 300) return { kind: 'delivered' };
  if (status === 410) return { kind: 'gone' };
  const planned = ATTEMPT_DELAYS_MS[attempt];
  if (planned === undefined) return { kind: 'given-up' };
  const asked = retryAfter === undefined ? 0 : retryAfterMs(retryAfter, nowMs);
  return { kind: 'retry', delayMs: Math.round(Math.max(planned * (1 + JITTER_SHARE * random), asked)) };
}

/** A webhook after a delivery has ended. */
export function webhookAfter(webhook: Webhook, ended: 'delivered' | 'given-up' | 'gone'): Webhook {
  if (ended === 'delivered') return webhook.failures === 0 ? webhook : { ...webhook, failures: 0 };
  const failures = webhook.failures + 1;
  const isOver = ended === 'gone' || failures >= MOST_FAILURES;
  return { ...webhook, failures, state: isOver ? 'disabled' : webhook.state };
}

/** The secrets that sign now. */
export function signingSecrets({ secret, oldSecret }: Webhook, nowMs: number): readonly string[] {
  return oldSecret && nowMs < oldSecret.untilMs ? [secret, oldSecret.secret] : [secret];
}

/** A webhook with a new secret; the one before signs too for a day. */
export function withNewSecret({ oldSecret: _, ...webhook }: Webhook, secret: string, nowMs: number): Webhook {
  return { ...webhook, secret, oldSecret: { secret: webhook.secret, untilMs: nowMs + 24 * HOUR_MS } };
}

/** Seconds or a date (RFC 9110, section 10.2.3), in milliseconds from now, a day at most; 0 for anything else. */
function retryAfterMs(retryAfter: string, nowMs: number): number {
  const ms = /^\d{1,9}$/.test(retryAfter) ? Number(retryAfter) * 1_000 : Date.parse(retryAfter) - nowMs;
  return Number.isNaN(ms) ? 0 : Math.min(24 * HOUR_MS, Math.max(0, ms));
}

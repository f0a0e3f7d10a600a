import { isApiToken } from '@order-bench/orders';

/** One message to a partner, as it is signed. */
export interface WebhookMessage {
  readonly id: string;
  /** Seconds since 1970, when it is sent. */
  readonly timestamp: number;
  readonly body: string;
}

/** The headers of Standard Webhooks 1.0.0. */
export const WEBHOOK_HEADERS = {
  id: 'webhook-id',
  timestamp: 'webhook-timestamp',
  signature: 'webhook-signature',
} as const;

/** How far a message's time may be from the receiver's, in seconds. */
export const TOLERANCE_S = 300;

/**
 * The value of `webhook-signature`: `v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`, one for each secret while
 * one replaces the other.
 *
 * @param secrets `whsec_` and base64.
 * @throws Error for a secret that is none.
 */
export async function signWebhook(message: WebhookMessage, secrets: readonly string[]): Promise<string> {
  const signatures = await Promise.all(secrets.map(secret => signatureBy(message, secret)));
  return signatures.map(signature => `v1,${signature}`).join(' ');
}

/** What a receiver has of a message; a header that is absent is undefined. */
export interface ReceivedWebhook {
  readonly id: string | undefined;
  readonly timestamp: string | undefined;
  readonly signature: string | undefined;
  readonly body: string;
}

/**
 * Whether a message is from who has the secret, and of now. Versions other than v1 are passed over; one right signature is
 * enough.
 *
 * @param nowS seconds since 1970.
 */
export async function isWebhookFrom(received: ReceivedWebhook, secret: string, nowS: number): Promise<boolean> {
  const { id, timestamp, signature, body } = received;
  if (!id || !signature || timestamp === undefined || !/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(nowS - Number(timestamp)) > TOLERANCE_S) return false;
  const expected = await signatureBy({ id, timestamp: Number(timestamp), body }, secret);
  // All are compared, so that how long it takes tells nothing of which.
  const matches = signature
    .split(' ')
    .filter(part => part.startsWith('v1,'))
    .map(part => isApiToken(part.slice('v1,'.length), expected));
  return matches.includes(true);
}

/** A new secret: `whsec_` and base64 of 32 random bytes. */
export function newWebhookSecret(): string {
  return SECRET_PREFIX + base64Of(crypto.getRandomValues(new Uint8Array(SECRET_BYTES)));
}

const SECRET_PREFIX = 'whsec_';
const SECRET_BYTES = 32;
const text = new TextEncoder();

async function signatureBy({ id, timestamp, body }: WebhookMessage, secret: string): Promise<string> {
  // As 'raw': with 'jwk' Spin's JavaScript engine gives a wrong signature without an error.
  const key = await crypto.subtle.importKey('raw', keyOf(secret), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  const signature = await crypto.subtle.sign('HMAC', key, text.encode(`${id}.${timestamp}.${body}`));
  return base64Of(new Uint8Array(signature));
}

function keyOf(secret: string): Uint8Array<ArrayBuffer> {
  const base64 = secret.startsWith(SECRET_PREFIX) ? secret.slice(SECRET_PREFIX.length) : '';
  // The value is in no message: a secret belongs in no log.
  if (!/^[A-Za-z0-9+/]+=*$/.test(base64)) throw new Error(`a webhook's secret is not ${SECRET_PREFIX} and base64`);
  return Uint8Array.from(atob(base64), character => character.charCodeAt(0));
}

function base64Of(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

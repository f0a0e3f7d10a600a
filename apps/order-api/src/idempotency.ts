import { sha256Hex } from './digest.js';

/** An `Idempotency-Key` and what of the request it stands for, under names that tell nobody either. */
export interface IdempotencyKey {
  /** Where it is kept: hex of SHA-256 over caller and key, so that two callers' keys never meet. */
  readonly id: string;
  /** Hex of SHA-256 over the body. */
  readonly fingerprint: string;
}

/** What is kept of a key. */
export interface IdempotencyRecord {
  readonly fingerprint: string;
  /** What the first request made: an order's or a job's id. */
  readonly resourceId: string;
  readonly state: 'in-progress' | 'done';
  readonly startedAtMs: number;
}

/** What a request with a key leads to. */
export type IdempotencyDecision =
  /** The first one: do it. */
  | { readonly kind: 'begin' }
  /** It was broken off: do it again from the start, for every step repeats harmlessly. */
  | { readonly kind: 'resume'; readonly resourceId: string }
  /** It is done: answer as the first one was answered. */
  | { readonly kind: 'repeat'; readonly resourceId: string }
  /** 409: the first one is still being done. */
  | { readonly kind: 'in-progress' }
  /** 422: the key stands for another request. */
  | { readonly kind: 'reused' };

/** After that long a request that is in progress counts as broken off: none of its steps may take longer. */
export const RESUME_AFTER_MS = 10_000;

const MAX_KEY_CHARACTERS = 255;

/**
 * Whether a header is a key: draft-ietf-httpapi-idempotency-key-header makes it a string of a structured field, in quotes;
 * most clients send it bare, and both are taken.
 *
 * @returns the key without quotes; undefined for one that is none: 400.
 */
export function readIdempotencyKey(header: string): string | undefined {
  const text = header.trim();
  const key = /^"((?:[\x20-\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"$/.exec(text)?.[1]?.replace(/\\(["\\])/g, '$1') ?? text;
  const isKey = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(key) && key.length <= MAX_KEY_CHARACTERS;
  return isKey && !(text.startsWith('"') && key === text) ? key : undefined;
}

/**
 * A key's names.
 *
 * @param caller the token of who sends it; empty where none is asked for.
 */
export async function idempotencyKey(
  caller: string,
  key: string,
  body: Uint8Array<ArrayBuffer>,
): Promise<IdempotencyKey> {
  // Its length in front: no other caller and key give the same text.
  const id = await sha256Hex(`${caller.length}.${caller}${key}`);
  return { id, fingerprint: await sha256Hex(body) };
}

/** What to do, by what is kept of the key. */
export function decideIdempotency(
  kept: IdempotencyRecord | undefined,
  { fingerprint }: IdempotencyKey,
  nowMs: number,
): IdempotencyDecision {
  if (!kept) return { kind: 'begin' };
  if (kept.fingerprint !== fingerprint) return { kind: 'reused' };
  if (kept.state === 'done') return { kind: 'repeat', resourceId: kept.resourceId };
  return nowMs - kept.startedAtMs >= RESUME_AFTER_MS
    ? { kind: 'resume', resourceId: kept.resourceId }
    : { kind: 'in-progress' };
}

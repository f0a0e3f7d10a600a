import { findUnfaithful, sizeAsDaprWritesBytes } from './fidelity.js';
import { MAX_ORDER_BYTES } from './limits.js';
import type { Parsed, Refusal } from './order.js';
import { findMisfit } from './schema.js';

/**
 * Reads an order from the bytes of a message. The result keeps the text and the value as they were sent; nothing is
 * normalised. Does not throw.
 */
export function parseOrder(bytes: Uint8Array): Parsed {
  if (bytes.byteLength > MAX_ORDER_BYTES) return { refusal: tooLarge(`${bytes.byteLength} bytes`) };
  const text = decode(bytes);
  if (text === undefined) return malformed('not valid UTF-8');
  const value = parseJson(text);
  if (value === undefined) return malformed('not valid JSON');
  if (!isObject(value)) return malformed('not a JSON object');
  const misfit = findMisfit(value);
  if (misfit) return malformed(`${misfit.field} ${misfit.rule}`, misfit.field);
  const unfaithful = findUnfaithful(text);
  if (unfaithful) return malformed(`${unfaithful.reason}, which Dapr cannot pass on as it is`, unfaithful.field);
  if (bytes.byteLength * LARGEST_GROWTH > MAX_ORDER_BYTES) {
    const sizeBytes = sizeAsDaprWritesBytes(value);
    if (sizeBytes > MAX_ORDER_BYTES) return { refusal: tooLarge(`${sizeBytes} bytes as Dapr writes it`) };
  }
  const { orderId, delivery } = value as { orderId: number; delivery: string };
  return { order: { orderId, delivery, text, value } };
}

/** The refusal for an order over the size limit, also for an app that sees the size before it reads the body. */
export function tooLarge(size: string): Refusal {
  return { kind: 'too-large', detail: `The order has ${size}; at most ${MAX_ORDER_BYTES} are taken.` };
}

/** The refusal of an order whose headers say that it is compressed: Dapr sends none, and no app unpacks one. */
export const COMPRESSED: Refusal = { kind: 'malformed', detail: 'The order is malformed: it is compressed.' };

/** Dapr writes `<` in six bytes; no other JSON grows by more. */
const LARGEST_GROWTH = 6;

// A byte order mark is kept, so that JSON.parse refuses it as Go does.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decode(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

/** JSON has no undefined, so it stands for text that is no JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function malformed(reason: string, field?: string): Parsed {
  const detail = `The order is malformed: ${reason}.`;
  return { refusal: field === undefined ? { kind: 'malformed', detail } : { kind: 'malformed', detail, field } };
}

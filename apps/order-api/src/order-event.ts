import { ORDER_WRITTEN, type Route } from '@order-bench/orders';

/** That an order is written, as a subscriber reads it. */
export interface WrittenEvent {
  /** The same for every repeat. */
  readonly id: string;
  /** ISO 8601. */
  readonly time: string;
  readonly orderId: number;
  readonly delivery: Route;
}

/**
 * Reads a CloudEvent (1.0, in JSON), as daprd delivers it.
 *
 * @returns `other` for an event of another type, which is somebody else's; undefined for what can't be read.
 */
export function readEvent(body: Uint8Array): WrittenEvent | 'other' | undefined {
  const event = parsed(body);
  if (!isObject(event) || typeof event.id !== 'string' || typeof event.type !== 'string') return undefined;
  if (event.specversion !== '1.0') return undefined;
  if (event.type !== ORDER_WRITTEN) return 'other';
  const { id, time, data } = event;
  if (typeof time !== 'string' || Number.isNaN(Date.parse(time)) || !isObject(data)) return undefined;
  const { orderId, delivery } = data;
  if (typeof orderId !== 'number' || !Number.isSafeInteger(orderId) || orderId < 1) return undefined;
  if (delivery !== 'express' && delivery !== 'standard') return undefined;
  return { id, time, orderId, delivery };
}

function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

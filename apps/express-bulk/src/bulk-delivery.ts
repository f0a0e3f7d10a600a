import { readTrace, type Trace } from '@order-bench/orders';

/** One message of a bulk delivery. */
export interface Entry {
  /** Dapr's name of it, unique in its delivery. */
  readonly entryId: string;
  /** The message's body in base64, as Dapr sends a raw payload. */
  readonly event: string;
  readonly bytes: Uint8Array;
  /** Empty where the sender set none. */
  readonly messageId: string;
  readonly trace: Trace | undefined;
}

/**
 * Reads what Dapr posts to a bulk subscription with raw payloads; undefined where it is something else. A message's id and
 * properties come as the entry's metadata, with `metadata.` before their names.
 */
export function readBulkDelivery(bytes: Uint8Array): readonly Entry[] | undefined {
  const envelope = parse(bytes);
  if (!isObject(envelope) || !Array.isArray(envelope.entries)) return undefined;
  const entries: Entry[] = [];
  for (const entry of envelope.entries as readonly unknown[]) {
    if (!isObject(entry)) return undefined;
    const { entryId, event, metadata } = entry;
    if (typeof entryId !== 'string' || typeof event !== 'string') return undefined;
    const property = (name: string) => textOf(isObject(metadata) ? metadata[`metadata.${name}`] : undefined);
    entries.push({
      entryId,
      event,
      bytes: Buffer.from(event, 'base64'),
      messageId: property('MessageId') ?? '',
      trace: readTrace(property),
    });
  }
  return entries;
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString());
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

import { type DaprClient, HTTPClient } from '@dapr/dapr';
import { ORDERS_PUBSUB, type Outcome } from '@order-bench/orders';

/** What publishing needs. */
export interface DaprTopicsOptions {
  readonly client: DaprClient;
  /** Time Dapr has to confirm one call. */
  readonly timeoutMs: number;
}

/** One message to publish. */
export interface TopicMessage {
  /** Its body in base64. */
  readonly event: string;
  /** In the spelling that Dapr expects; what Dapr does not know becomes a property of the message. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Begins the sentence about a failure: `Order 5`. */
  readonly what: string;
}

/** Topics by Dapr's bulk publish, several messages a call. */
export class DaprTopics {
  readonly #client: HTTPClient;
  readonly #timeoutMs: number;

  /** @throws TypeError for a client over gRPC */
  constructor({ client, timeoutMs }: DaprTopicsOptions) {
    if (!(client.daprClient instanceof HTTPClient)) throw new TypeError('DaprTopics takes a client over HTTP');
    this.#client = client.daprClient;
    this.#timeoutMs = timeoutMs;
  }

  /**
   * Publishes messages, several a call, and says of each whether Dapr confirmed it. Never rejects.
   *
   * Not by the client's own `publishBulk`: it looks for failed entries under another name (`entryID`) than Dapr gives them
   * (`entryId`), finds none, and reports a call that failed as a whole as if all of it had been sent (3.18.0;
   * docs/upstream/dapr-js-bulk-publish-failures.md).
   */
  publish<Message extends TopicMessage>(
    topic: string,
    messages: readonly Message[],
  ): (readonly [Message, Promise<Outcome>])[] {
    return inCalls(messages).flatMap(call => {
      const answer = this.#inTime(this.#call(topic, call));
      return call.map((message, index) => [message, outcomeOf(answer, { topic, message, index })] as const);
    });
  }

  /** Publishes what fits in one call; rejects where all of it failed. */
  #call(topic: string, messages: readonly TopicMessage[]): Promise<Failures> {
    const [first, ...others] = messages;
    return first && others.length === 0 ? this.#publishOne(topic, first) : this.#publishAll(topic, messages);
  }

  /** By itself a message may be as large as the topic takes; together they may not. */
  async #publishOne(topic: string, { event, metadata }: TopicMessage): Promise<Failures> {
    await this.#client.execute(`/publish/${ORDERS_PUBSUB}/${topic}?${query({ rawPayload: 'true', ...metadata })}`, {
      method: 'POST',
      headers: { 'Content-Type': BYTES },
      body: Buffer.from(event, 'base64'),
    });
    return NONE;
  }

  async #publishAll(topic: string, messages: readonly TopicMessage[]): Promise<Failures> {
    const entries = messages.map(({ event, metadata }, index) => ({
      entryId: `${index}`,
      event,
      contentType: BYTES,
      metadata,
    }));
    const path = `/publish/bulk/${ORDERS_PUBSUB}/${topic}?${query({ rawPayload: 'true' })}`;
    try {
      const body = JSON.stringify(entries);
      const headers = { 'Content-Type': JSON_AS_IT_IS };
      await this.#client.executeWithApiVersion('v1.0-alpha1', path, { method: 'POST', headers, body });
      return NONE;
    } catch (error) {
      const named = failedEntries((error as Error).message);
      const known = named?.every(({ entryId }) => entries.some(entry => entry.entryId === entryId));
      // An id that is nobody's says that the answer is not understood: then nothing of the call counts as sent.
      if (!named || named.length === 0 || !known) throw error;
      return new Map(named.map(({ entryId, error: reason }) => [Number(entryId), reason]));
    }
  }

  /** The client takes neither a time limit nor a signal: a call that is too late is left to itself. */
  #inTime(call: Promise<Failures>): Promise<Failures | Failure> {
    return new Promise(resolve => {
      const reason = `Dapr did not answer within ${this.#timeoutMs} ms.`;
      const timer = setTimeout(() => resolve({ kind: 'binding-timed-out', reason }), this.#timeoutMs);
      call
        .then(resolve, (error: Error) => resolve({ kind: 'binding-failed', reason: error.message }))
        .finally(() => clearTimeout(timer));
    });
  }
}

/** Why a call as a whole is not confirmed. */
interface Failure {
  readonly kind: 'binding-failed' | 'binding-timed-out';
  readonly reason: string;
}

/** Of a call that Dapr answered: why which message, by its place, is not sent. */
type Failures = ReadonlyMap<number, string>;

const NONE: Failures = new Map();
/** Dapr decodes an event of this type from base64, and leaves its bytes as they are. */
const BYTES = 'application/octet-stream';
/** The client encodes a body of type application/json once more, and sends one of any other type as it is. */
const JSON_AS_IT_IS = 'application/json; charset=utf-8';

/** Of base64, in one call: Dapr makes one batch of at most 128 KiB of it, with an envelope around each message. */
const MOST_IN_A_CALL = 96 * 1024;
/** More than a message's envelope has beside its metadata. */
const ENVELOPE_BYTES = 256;

/** Shares messages out among as few calls as can be, in their order. */
function inCalls<Message extends TopicMessage>(messages: readonly Message[]): Message[][] {
  const calls: Message[][] = [];
  let room = 0;
  for (const message of messages) {
    const size = message.event.length + ENVELOPE_BYTES;
    const last = calls.at(-1);
    if (last && size <= room) last.push(message);
    else {
      calls.push([message]);
      room = MOST_IN_A_CALL;
    }
    room -= size;
  }
  return calls;
}

function query(metadata: Readonly<Record<string, string>>): string {
  return `${new URLSearchParams(Object.entries(metadata).map(([name, value]): [string, string] => [`metadata.${name}`, value]))}`;
}

/** The failed entries that Dapr's answer names, as the client's error holds it; undefined where it names none. */
function failedEntries(message: string): { entryId: string; error: string }[] | undefined {
  try {
    const { error_msg: answer } = JSON.parse(message) as { error_msg?: string };
    const { failedEntries: failed } = JSON.parse(answer ?? '') as { failedEntries?: unknown };
    return Array.isArray(failed) ? failed.map(({ entryId, error }) => ({ entryId, error: `${error}` })) : undefined;
  } catch {
    return undefined;
  }
}

/** Room for what Azure says of a failure, and not for a proxy's page. */
const MAX_REASON_CHARACTERS = 1_000;

async function outcomeOf(
  called: Promise<Failures | Failure>,
  { topic, message, index }: { readonly topic: string; readonly message: TopicMessage; readonly index: number },
): Promise<Outcome> {
  const answer = await called;
  const failure = 'kind' in answer ? answer : { kind: 'binding-failed' as const, reason: answer.get(index) };
  if (failure.reason === undefined) return { kind: 'done' };
  const reason = failure.reason.slice(0, MAX_REASON_CHARACTERS).replace(/\s+/g, ' ').trim();
  return { kind: failure.kind, detail: `${message.what}: publishing to the topic ${topic} failed: ${reason}` };
}

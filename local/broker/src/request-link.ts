import rhea, { type Connection, type EventContext, type MessageProperties, type Receiver, type Sender } from 'rhea';
import { nodeOf } from './address.js';
import { Refusal, RepliesNotTaken, ReplyLinkNotFound } from './errors.js';
import type { Later } from './latency.js';
import { checkMessageSize } from './message-size.js';
import { ManagementRequest } from './request.js';
import { typedValue } from './rhea-codec.js';
import { deliveryLimit, sendSettled, settleIncoming } from './rhea-internals.js';

/** Most replies that wait for a client to give credit for them. */
const MAX_WAITING_REPLIES = 1000;

/** The answer to a request: its status by HTTP's numbers, and its body. */
export interface Reply {
  readonly statusCode: number;
  readonly statusDescription: string;
  /** An AMQP value, wrapped where its type matters. */
  readonly body?: unknown;
}

/** What a link that carries requests needs. */
export interface RequestLinkOptions {
  readonly receiver: Receiver;
  readonly replies: ReplyLinks;
  readonly later: Later;
  /** Does what the request asks; may throw a Refusal. */
  readonly answer: (request: ManagementRequest) => Reply;
}

/** Serves a client's requests (`$cbs` or `$management`), each answered on the link that it names. */
export function serveRequestLink(options: RequestLinkOptions): void {
  options.receiver.on('message', ({ message, delivery }: EventContext) => {
    if (!delivery) return;
    const encoded = message as unknown as Buffer;
    options.later(() => {
      try {
        reply(options, encoded);
        settleIncoming(delivery);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        settleIncoming(delivery, error.toAmqp());
      }
    });
  });
}

function reply({ receiver, replies, answer }: RequestLinkOptions, encoded: Buffer): void {
  const request = new ManagementRequest(encoded);
  const asked = String(receiver.target.address);
  const replyTo = request.replyTo ?? asked;
  const sender = replies.find(receiver, replyTo);
  if (!sender) throw new ReplyLinkNotFound(replyTo);
  if (replies.waitingOn(sender) >= MAX_WAITING_REPLIES) throw new RepliesNotTaken(replyTo);
  const answered = answeredOrRefused(() => {
    checkMessageSize(asked, encoded.length);
    return answer(request);
  });
  replies.send(sender, encodeReply(request, answered));
}

/** The receivers that clients opened for replies, by connection, newest first. */
export class ReplyLinks {
  readonly #byConnection = new WeakMap<Connection, readonly Sender[]>();
  /** Replies handed to rhea for each of them. */
  readonly #sent = new WeakMap<Sender, number>();
  #tags = 0;

  add(sender: Sender): void {
    this.#byConnection.set(sender.connection, [sender, ...this.#of(sender.connection)]);
  }

  remove(sender: Sender): void {
    this.#byConnection.set(
      sender.connection,
      this.#of(sender.connection).filter(each => each !== sender),
    );
  }

  /**
   * The link that a reply goes to. Some clients name it by its own name, some by its target address, some by the node that
   * it comes from, in any way to write that; where several links are meant, one on the session of the request is.
   */
  find({ connection, session }: Receiver, replyTo: string): Sender | undefined {
    const links = this.#of(connection);
    const ordered = [
      ...links.filter(link => link.session === session),
      ...links.filter(link => link.session !== session),
    ];
    const node = nodeOf(replyTo);
    return (
      ordered.find(({ name }) => name === replyTo) ??
      ordered.find(({ target }) => target?.address === replyTo) ??
      ordered.find(({ source }) => typeof source?.address === 'string' && nodeOf(source.address) === node)
    );
  }

  /** How many replies the client has given no credit for yet. */
  waitingOn(sender: Sender): number {
    return Math.max(0, (this.#sent.get(sender) ?? 0) - deliveryLimit(sender));
  }

  send(sender: Sender, encoded: Buffer): void {
    this.#sent.set(sender, (this.#sent.get(sender) ?? 0) + 1);
    const tag = Buffer.allocUnsafe(4);
    tag.writeUInt32BE(this.#tags++ % 2 ** 32);
    sendSettled(sender, tag, encoded);
  }

  #of(connection: Connection): readonly Sender[] {
    return this.#byConnection.get(connection) ?? [];
  }
}

type AnsweredOrRefused = Reply & { readonly errorCondition?: string };

function answeredOrRefused(answer: () => Reply): AnsweredOrRefused {
  try {
    return answer();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { statusCode: error.statusCode, statusDescription: error.message, errorCondition: error.condition };
  }
}

function encodeReply({ messageId }: ManagementRequest, reply: AnsweredOrRefused): Buffer {
  // The Go client takes the status as an int32 only, and the JS client reads it under either name.
  const statusCode = rhea.types.wrap_int(reply.statusCode);
  return rhea.message.encode({
    // Of the type that it had, or the client would not know it again.
    ...(messageId ? { correlation_id: typedValue(messageId) as MessageProperties['correlation_id'] } : {}),
    application_properties: {
      'status-code': statusCode,
      'status-description': reply.statusDescription,
      statusCode,
      statusDescription: reply.statusDescription,
      ...(reply.errorCondition === undefined
        ? {}
        : { 'error-condition': reply.errorCondition, errorCondition: reply.errorCondition }),
    },
    body: reply.body,
  });
}

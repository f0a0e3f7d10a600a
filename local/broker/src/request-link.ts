import rhea, { type Connection, type EventContext, type Message, type Receiver, type Sender } from 'rhea';
import { headOf } from './encoding.js';
import { MalformedMessage, Refusal, RepliesNotTaken, ReplyLinkNotFound } from './errors.js';
import type { Later } from './latency.js';
import { checkMessageSize, MAX_MESSAGE_SIZE_BYTES } from './message-size.js';
import { decodeMessage } from './rhea-codec.js';
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
  readonly answer: (request: Message) => Reply;
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
  // Of a request over the limit the end is missing; the beginning tells whom to answer.
  const request = decodeMessage(encoded.length > MAX_MESSAGE_SIZE_BYTES ? headOf(encoded) : encoded);
  const { message_id: id, reply_to: replyTo } = request;
  if (typeof replyTo !== 'string') throw new MalformedMessage('it is a request without a reply-to');
  if (!['string', 'number', 'undefined'].includes(typeof id) && !Buffer.isBuffer(id)) {
    throw new MalformedMessage('the message-id of a request is none of the types of AMQP');
  }
  const sender = replies.find(receiver.connection, replyTo);
  if (!sender) throw new ReplyLinkNotFound(replyTo);
  if (replies.waitingOn(sender) >= MAX_WAITING_REPLIES) throw new RepliesNotTaken(replyTo);
  const answered = answeredOrRefused(() => {
    checkMessageSize(String(receiver.target.address), encoded.length);
    return answer(request);
  });
  replies.send(sender, encodeReply(request, answered));
}

/** The receivers that clients opened for replies, by connection. */
export class ReplyLinks {
  readonly #byConnection = new WeakMap<Connection, Map<string, Sender>>();
  /** Replies handed to rhea for each of them. */
  readonly #sent = new WeakMap<Sender, number>();
  #tags = 0;

  /** Some clients name their link as reply-to, others its target address. */
  add(sender: Sender): void {
    const links = this.#byConnection.get(sender.connection) ?? new Map<string, Sender>();
    for (const name of namesOf(sender)) links.set(name, sender);
    this.#byConnection.set(sender.connection, links);
  }

  remove(sender: Sender): void {
    const links = this.#byConnection.get(sender.connection);
    for (const name of namesOf(sender)) {
      if (links?.get(name) === sender) links.delete(name);
    }
  }

  find(connection: Connection, replyTo: string): Sender | undefined {
    return this.#byConnection.get(connection)?.get(replyTo);
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
}

function namesOf(sender: Sender): string[] {
  const { address } = sender.target ?? {};
  return typeof address === 'string' ? [sender.name, address] : [sender.name];
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

function encodeReply(request: Message, reply: AnsweredOrRefused): Buffer {
  // The Go client takes the status as an int32 only, and the JS client reads it under either name.
  const statusCode = rhea.types.wrap_int(reply.statusCode);
  return rhea.message.encode({
    correlation_id: request.message_id,
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

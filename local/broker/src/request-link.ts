import { nodeOf } from './address.js';
import type { MessageGiver, MessageTaker } from './amqp/container.js';
import type { IncomingLink } from './amqp/incoming-link.js';
import type { OutgoingLink } from './amqp/outgoing-link.js';
import { described, type Encodable } from './encode-value.js';
import { EncodedValue } from './encoded-value.js';
import { Refusal, RepliesNotTaken, ReplyLinkNotFound } from './errors.js';
import { answering } from './inbound-link.js';
import type { Later } from './latency.js';
import { checkMessageSize } from './message-size.js';
import { ManagementRequest } from './request.js';
import { APPLICATION_PROPERTIES, PROPERTIES, VALUE } from './section-codes.js';

/** Most replies that wait for a client to give credit for them. */
const MAX_WAITING_REPLIES = 1000;

/** The answer to a request: its status by HTTP's numbers, and its body. */
export interface Reply {
  readonly statusCode: number;
  readonly statusDescription: string;
  readonly body?: Encodable;
}

/** What a link that carries requests needs. */
export interface RequestLinkOptions {
  readonly link: IncomingLink;
  readonly replies: ReplyLinks;
  readonly later: Later;
  /** Does what the request asks; may throw a Refusal. */
  readonly answer: (request: ManagementRequest) => Reply;
}

/** Serves a client's requests (`$cbs` or `$management`), each answered on the link that it names. */
export function requestLink({ link, replies, later, answer }: RequestLinkOptions): MessageTaker {
  const asked = String(link.attach.target.address);
  return answering(later, ({ message }) => {
    const request = new ManagementRequest(message);
    const replyTo = request.replyTo ?? asked;
    const reply = replies.find(link, replyTo);
    if (!reply) throw new ReplyLinkNotFound(replyTo);
    if (reply.waitingCount >= MAX_WAITING_REPLIES) throw new RepliesNotTaken(replyTo);
    const answered = answeredOrRefused(() => {
      checkMessageSize(asked, message.length);
      return answer(request);
    });
    reply.send(encodeReply(request, answered));
  });
}

/** A receiver that a client opened for replies. */
class ReplyLink implements MessageGiver {
  readonly link: OutgoingLink;
  readonly #closed: () => void;
  readonly #waiting: Buffer[] = [];

  constructor(link: OutgoingLink, closed: () => void) {
    this.link = link;
    this.#closed = closed;
  }

  /** How many replies the client has given no credit for yet. */
  get waitingCount(): number {
    return this.#waiting.length;
  }

  send(message: Buffer): void {
    this.#waiting.push(message);
    this.#sendAllowed();
  }

  onCredit(isDrain: boolean): void {
    this.#sendAllowed();
    if (isDrain) this.link.finishDrain();
  }

  /** Replies are settled when they are sent. */
  onState(): void {}

  onClose(): void {
    this.#closed();
  }

  #sendAllowed(): void {
    const { link } = this;
    for (const message of this.#waiting.splice(0, link.credit)) {
      const tag = Buffer.allocUnsafe(4);
      tag.writeUInt32BE(link.deliveryCount >>> 0);
      link.send({ message, tag, isSettled: true });
    }
  }
}

/** The receivers that clients opened for replies. */
export class ReplyLinks {
  /** Newest first. */
  #links: readonly ReplyLink[] = [];

  /** Sends replies on a link from now on, until it closes. */
  add(link: OutgoingLink): MessageGiver {
    const reply = new ReplyLink(link, () => {
      this.#links = this.#links.filter(each => each !== reply);
    });
    this.#links = [reply, ...this.#links];
    return reply;
  }

  /**
   * The link that a reply goes to. Some clients name it by its own name, some by its target address, some by the node that
   * it comes from, in any way to write that; where several links are meant, one on the session of the request is.
   */
  find({ session }: IncomingLink, replyTo: string): ReplyLink | undefined {
    const links = this.#links.filter(({ link }) => link.session.connection === session.connection);
    const ordered = [
      ...links.filter(({ link }) => link.session === session),
      ...links.filter(({ link }) => link.session !== session),
    ];
    const node = nodeOf(replyTo);
    return (
      ordered.find(({ link }) => link.attach.name === replyTo) ??
      ordered.find(({ link }) => link.attach.target.address === replyTo) ??
      ordered.find(
        ({ link: { attach } }) => attach.source.address !== undefined && nodeOf(attach.source.address) === node,
      )
    );
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
  const { statusCode, statusDescription, errorCondition, body } = reply;
  // The JS client reads each under either name, the Go client the status as an int only.
  const application = {
    'status-code': statusCode,
    'status-description': statusDescription,
    statusCode,
    statusDescription,
    ...(errorCondition === undefined ? {} : { 'error-condition': errorCondition, errorCondition }),
  };
  // Of the properties only the correlation-id: of the type that the id had, or the client would not know it again.
  const correlation = messageId && described(PROPERTIES, [...Array(5).fill(null), new EncodedValue(messageId)]);
  return Buffer.concat([
    ...(correlation ? [correlation.bytes] : []),
    described(APPLICATION_PROPERTIES, application).bytes,
    described(VALUE, body).bytes,
  ]);
}

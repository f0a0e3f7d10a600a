import { createServer, type Server, type Socket } from 'node:net';
import rhea, {
  type Connection,
  type ConnectionOptions,
  type Container,
  type EventContext,
  type Receiver,
  type Sender,
} from 'rhea';
import { readAddress } from './address.js';
import { answerClaim } from './claim.js';
import {
  acceptSocket,
  allowsLink,
  CHANNEL_MAX,
  checkOpened,
  limitSession,
  MAX_FRAME_SIZE_BYTES,
} from './connection-limits.js';
import type { Entities } from './entities.js';
import { NotSupported, Refusal } from './errors.js';
import { replaceHotFrames } from './hot-frames.js';
import { serveInboundLink } from './inbound-link.js';
import type { Later } from './latency.js';
import { answerManagement } from './management.js';
import { MAX_MESSAGE_SIZE_BYTES } from './message-size.js';
import { OutboundLink } from './outbound-link.js';
import { ReplyLinks, serveRequestLink } from './request-link.js';
import { echoSettleModes, joinWrites, mendBooleans, prepareSession, setMaxMessageSize } from './rhea-internals.js';

/** Those of the service: most SDKs take the first, .NET's takes MSSBCBS, clients without claims take PLAIN. */
const SASL_MECHANISMS = ['ANONYMOUS', 'MSSBCBS', 'PLAIN', 'EXTERNAL'];

/** Lets anyone in, whatever is said: the broker listens on this machine only. */
class AnyoneMechanism {
  outcome?: boolean;

  start(): void {
    this.outcome = true;
  }
}

/** What the AMQP server needs. */
export interface AmqpServerOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly entities: Entities;
  readonly later: Later;
  /** Told about clients that break the protocol. */
  readonly log: (line: string) => void;
}

/** The AMQP 1.0 face of the broker: what the Azure SDKs take for a Service Bus namespace. */
export class AmqpServer {
  readonly #options: AmqpServerOptions;
  readonly #replies = new ReplyLinks();
  readonly #consumers = new Map<Sender, OutboundLink>();
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;

  constructor(options: AmqpServerOptions) {
    this.#options = options;
    replaceHotFrames();
    mendBooleans();
    const container = rhea.create_container({
      id: 'order-bench-broker',
      // Settlement is the broker's decision, and a modified message is not a released one.
      autoaccept: false,
      autosettle: false,
      treat_modified_as_released: false,
    });
    for (const mechanism of SASL_MECHANISMS) container.sasl_server_mechanisms[mechanism] = () => new AnyoneMechanism();
    container.on('connection_open', ({ connection }: EventContext) => checkOpened(connection));
    container.on('session_open', ({ session }: EventContext) => {
      if (!session) return;
      prepareSession(session);
      limitSession(session);
    });
    container.on('receiver_open', ({ receiver }: EventContext) => receiver && this.#openSenderOfClient(receiver));
    container.on('sender_open', ({ sender }: EventContext) => sender && this.#openReceiverOfClient(sender));
    container.on('sender_close', ({ sender }: EventContext) => sender && this.#closeReceiverOfClient(sender));
    container.on('session_close', ({ session }: EventContext) => {
      session?.each_sender(
        (sender: Sender) => this.#closeReceiverOfClient(sender),
        () => true,
      );
    });
    for (const event of ['connection_close', 'disconnected']) {
      container.on(event, ({ connection }: EventContext) => this.#closeReceiversOf(connection));
    }
    for (const event of [
      'connection_error',
      'session_error',
      'sender_error',
      'receiver_error',
      'protocol_error',
      'error',
    ]) {
      container.on(event, (context: EventContext | Error) => options.log(`AMQP ${event}: ${describe(context)}`));
    }
    this.#server = createServer({ noDelay: true }, socket => this.#accept(container, socket));
    this.#server.listen({ host: options.host, port: options.port });
  }

  get server(): Server {
    return this.#server;
  }

  /** Stops listening and drops every connection. */
  async close(): Promise<void> {
    const closed = new Promise(resolve => this.#server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #accept(container: Container, socket: Socket): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    const connection = container.create_connection({
      max_frame_size: MAX_FRAME_SIZE_BYTES,
      channel_max: CHANNEL_MAX,
    } as ConnectionOptions);
    acceptSocket(connection, socket);
    joinWrites(connection);
  }

  #openSenderOfClient(receiver: Receiver): void {
    if (!allowsLink(receiver)) return;
    echoSettleModes(receiver);
    this.#openOrRefuse(receiver, () => {
      const given = receiver.target?.address;
      if (typeof given !== 'string') throw new NotSupported('links without a target address (transactions)');
      const address = readAddress(given);
      const { entities, later } = this.#options;
      if (address.kind === 'entity') {
        if (address.isDeadLetters) throw new NotSupported('sending to a dead-letter queue');
        serveInboundLink({ receiver, entity: entities.byAddress(address), later });
        setMaxMessageSize(receiver, MAX_MESSAGE_SIZE_BYTES);
      } else if (address.kind === 'management') {
        const entity = entities.byAddress(address);
        serveRequestLink({
          receiver,
          replies: this.#replies,
          later,
          answer: request => answerManagement(entity, request),
        });
      } else {
        serveRequestLink({
          receiver,
          replies: this.#replies,
          later,
          answer: request => answerClaim(entities, request),
        });
      }
    });
  }

  #openReceiverOfClient(sender: Sender): void {
    if (!allowsLink(sender)) return;
    echoSettleModes(sender);
    this.#openOrRefuse(sender, () => {
      const given = sender.source?.address;
      if (typeof given !== 'string') throw new NotSupported('links without a source address (dynamic nodes)');
      const address = readAddress(given);
      if (address.kind === 'entity') {
        if (asksForSession(sender)) throw new NotSupported('sessions');
        const entity = this.#options.entities.byAddress(address);
        this.#consumers.set(sender, new OutboundLink({ sender, entity, later: this.#options.later }));
      } else {
        if (address.kind === 'management') this.#options.entities.byAddress(address);
        this.#replies.add(sender);
      }
    });
  }

  /** Repeats the peer's addresses, as go-amqp insists, or closes the link with the reason. */
  #openOrRefuse(link: Sender | Receiver, open: () => void): void {
    try {
      open();
      const { source, target } = link;
      link.set_source({ address: source?.address as string });
      link.set_target({ address: target?.address as string });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      link.close(error.toAmqp());
    }
  }

  #closeReceiverOfClient(sender: Sender): void {
    this.#consumers.get(sender)?.close();
    this.#consumers.delete(sender);
    this.#replies.remove(sender);
  }

  #closeReceiversOf(connection: Connection): void {
    for (const sender of this.#consumers.keys()) {
      if (sender.connection === connection) this.#closeReceiverOfClient(sender);
    }
  }
}

function asksForSession(sender: Sender): boolean {
  const filter: unknown = sender.source?.filter;
  return typeof filter === 'object' && filter !== null && 'com.microsoft:session-filter' in filter;
}

function describe(context: EventContext | Error): string {
  if (context instanceof Error) return context.stack ?? context.message;
  const error = context.error ?? context.sender?.error ?? context.receiver?.error ?? context.session?.error;
  return error ? String((error as { description?: string }).description ?? error) : 'no reason given';
}

import { createServer, type Server, type Socket } from 'node:net';
import { readAddress } from './address.js';
import { Connection } from './amqp/connection.js';
import type { Container, MessageGiver, MessageTaker } from './amqp/container.js';
import type { IncomingLink } from './amqp/incoming-link.js';
import type { OutgoingLink } from './amqp/outgoing-link.js';
import { answerClaim } from './claim.js';
import type { Entities } from './entities.js';
import { NotSupported } from './errors.js';
import { inboundLink } from './inbound-link.js';
import type { Later } from './latency.js';
import { answerManagement } from './management.js';
import { OutboundLink } from './outbound-link.js';
import { ReplyLinks, requestLink } from './request-link.js';

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
export class AmqpServer implements Container {
  readonly #options: AmqpServerOptions;
  readonly #replies = new ReplyLinks();
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;

  constructor(options: AmqpServerOptions) {
    this.#options = options;
    this.#server = createServer({ noDelay: true }, socket => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
      new Connection(socket, this);
    });
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

  openIncoming(link: IncomingLink): MessageTaker {
    const given = link.attach.target.address;
    if (given === undefined) throw new NotSupported('links without a target address (transactions)');
    const address = readAddress(given);
    const { entities, later } = this.#options;
    if (address.kind === 'entity') {
      return inboundLink(entities.destination(address), later);
    }
    const replies = this.#replies;
    if (address.kind === 'management') {
      const entity = entities.byAddress(address);
      return requestLink({ link, replies, later, answer: request => answerManagement(entity, request) });
    }
    return requestLink({ link, replies, later, answer: request => answerClaim(entities, request) });
  }

  openOutgoing(link: OutgoingLink): MessageGiver {
    const { address: given, filters } = link.attach.source;
    if (given === undefined) throw new NotSupported('links without a source address (dynamic nodes)');
    const address = readAddress(given);
    const { entities, later } = this.#options;
    if (address.kind === 'entity') {
      if (filters.includes('com.microsoft:session-filter')) throw new NotSupported('sessions');
      return new OutboundLink({ link, entity: entities.source(address), later });
    }
    if (address.kind === 'management') entities.byAddress(address);
    return this.#replies.add(link);
  }

  log(line: string): void {
    this.#options.log(line);
  }
}

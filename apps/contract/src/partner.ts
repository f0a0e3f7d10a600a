import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

/** One webhook as it came in, by the time at which it came. */
export interface ReceivedWebhook {
  readonly id: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly atMs: number;
}

/** For tests: a partner that takes webhooks, and answers as it is told. */
export class Partner {
  readonly received: ReceivedWebhook[] = [];
  /** Origins that asked whether it wants webhooks. */
  readonly asked: string[] = [];
  /** The status of each answer to come, in order; 204 after the last. */
  readonly answers: number[] = [];
  /** Told of each webhook as it comes. */
  onReceived: (webhook: ReceivedWebhook) => void = () => {};
  readonly #server: Server;

  private constructor() {
    this.#server = createServer(async (request, response) => {
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
      if (request.method === 'OPTIONS') {
        this.asked.push(headers['webhook-request-origin'] ?? '');
        response.setHeader('WebHook-Allowed-Origin', headers['webhook-request-origin'] ?? '').end();
        return;
      }
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const body = Buffer.concat(chunks).toString();
      const webhook = { id: headers['webhook-id'] ?? '', headers, body, atMs: Date.now() };
      this.received.push(webhook);
      this.onReceived(webhook);
      response.writeHead(this.answers.shift() ?? 204).end();
    });
  }

  /** Starts one on a free port of 127.0.0.1. */
  static async start(): Promise<Partner> {
    const partner = new Partner();
    partner.#server.listen(0, '127.0.0.1');
    await once(partner.#server, 'listening');
    return partner;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/hook`;
  }

  /** What a webhook says, by the library that partners use. @throws where it is not signed by the secret */
  static verify({ headers, body }: ReceivedWebhook, secret: string): unknown {
    return new Webhook(secret).verify(body, { ...headers });
  }

  async stop(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }
}

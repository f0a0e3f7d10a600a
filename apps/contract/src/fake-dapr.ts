import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { API_TOKEN_HEADER } from '@order-bench/orders';

/** One call of an output binding, as it came in. */
export interface BindingCall {
  readonly binding: string;
  /** The envelope's JSON text. */
  readonly body: string;
}

/** One call to publish, as it came in. */
export interface PublishCall {
  /** `<component>/<topic>`, after `bulk/` where it was a bulk publish. */
  readonly to: string;
  readonly contentType: string | undefined;
  /** Of its query, without `metadata.` before their names. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  readonly event: string;
}

/**
 * How the fake answers output bindings: with a status; not at all until `release` is called; by cutting the connection
 * instead, or in the middle of an answer that began well; with bytes that are no HTTP.
 */
export type FakeAnswer =
  | { readonly status: number; readonly body?: string; readonly headers?: Readonly<Record<string, string>> }
  | 'silence'
  | 'cut'
  | 'cut-half-way'
  | 'noise';

/** An HTTP server that stands in for daprd's output bindings and for its publishing. */
export class FakeDapr {
  readonly calls: BindingCall[] = [];
  /** The headers of each call, in the same order. */
  readonly headers: IncomingHttpHeaders[] = [];
  /** What was published, one by one or in bulk. */
  readonly published: PublishCall[] = [];
  /** Connections opened since the start. */
  connections = 0;
  answer: FakeAnswer = { status: 204 };
  /** How publishing is answered; as output bindings are, where it is not set. */
  publishAnswer: FakeAnswer | undefined;
  /** Every request without it is answered with 401, as by a daprd that has one. */
  apiToken: string | undefined;
  readonly #server: Server;
  readonly #waiting: ServerResponse[] = [];

  private constructor() {
    this.#server = createServer((request, response) => {
      // A caller that leaves in the middle of its request needs no answer.
      this.#handle(request, response).catch(() => response.destroy());
    });
    this.#server.on('connection', () => this.connections++);
  }

  /** Starts one, on a free port unless told which. */
  static async start(port = 0): Promise<FakeDapr> {
    const dapr = new FakeDapr();
    dapr.#server.listen(port, '127.0.0.1');
    await once(dapr.#server, 'listening');
    return dapr;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Confirms every call that was met with silence. */
  release(): void {
    for (const response of this.#waiting.splice(0)) response.writeHead(204).end();
  }

  /** Ends the server and cuts its connections. */
  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (this.apiToken !== undefined && request.headers[API_TOKEN_HEADER] !== this.apiToken) {
      response.writeHead(401).end('invalid api token');
      return;
    }
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://dapr');
    const to = pathname.match(/^\/v1\.0(?:-alpha1(?=\/publish\/bulk))?\/publish\/(.+)/)?.[1];
    if (to !== undefined) {
      const { headers } = request;
      const contentType = headers['content-type'];
      const metadata = Object.fromEntries(
        [...searchParams].map(([name, value]) => [name.replace('metadata.', ''), value]),
      );
      this.published.push({ to, contentType, metadata, headers, event: Buffer.concat(chunks).toString() });
      this.#answer(response, this.publishAnswer ?? this.answer);
      return;
    }
    const binding = request.url?.match(/^\/v1\.0\/bindings\/([^/]+)$/)?.[1];
    if (binding === undefined) {
      response.writeHead(200).end('{"id":"fake"}');
      return;
    }
    this.calls.push({ binding, body: Buffer.concat(chunks).toString() });
    this.headers.push(request.headers);
    this.#answer(response, this.answer);
  }

  #answer(response: ServerResponse, answer: FakeAnswer): void {
    if (answer === 'silence') this.#waiting.push(response);
    else if (answer === 'cut') response.destroy();
    else if (answer === 'cut-half-way') {
      response.writeHead(200, { 'content-length': 100 }).write('{"half":', () => response.destroy());
    } else if (answer === 'noise') response.socket?.end('This is no HTTP.\r\n\r\n');
    else response.writeHead(answer.status, answer.headers).end(answer.body);
  }
}

import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { themeCss } from '../report/theme.js';
import { failureText } from '../text/failure-text.js';
import { UsageError } from '../text/usage-error.js';

/** Who watches a page, and what it is served. */
export interface LivePageOptions {
  /** Of the command that it shows. */
  readonly title: string;
  /** All dead letters as text. */
  deadLetters(): Promise<string>;
  /** The runs in Prometheus' text format. */
  metrics(): Promise<string>;
  /** Where Prometheus finds the rig that is up. */
  targets(): readonly ScrapeTarget[];
  /** Somebody opened the page: what it shows is to be sent from the start. */
  onOpen(): void;
}

/**
 * A group of what Prometheus shall scrape, at `/metrics`. Source: Prometheus, "HTTP SD", http_sd_configs.
 */
export interface ScrapeTarget {
  /** `host:port`. */
  readonly targets: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * One page on 127.0.0.1 that follows a command by server-sent events. It keeps nobody waiting: a tab that is closed, or a
 * connection that is lost, changes nothing, and the process ends without it.
 */
export class LivePage {
  private readonly watching = new Set<ServerResponse>();

  private constructor(
    private readonly server: Server,
    private readonly options: LivePageOptions,
  ) {
    server.on('request', (request, response) => void this.answer(request, response));
    // What is watched ends when it is done, not when nobody looks any more.
    server.unref();
    server.on('connection', socket => socket.unref());
  }

  /**
   * Starts to listen.
   *
   * @param port 0 takes a free one.
   * @throws UsageError where it is in use.
   */
  static async open(options: LivePageOptions, port = 0): Promise<LivePage> {
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', (cause: NodeJS.ErrnoException) =>
        reject(
          cause.code === 'EADDRINUSE'
            ? new UsageError(`port ${port} on ${HOST} is in use: name another one, or none, behind --live`, { cause })
            : cause,
        ),
      );
      server.listen(port, HOST, resolve);
    });
    return new LivePage(server, options);
  }

  get url(): string {
    return `http://${HOST}:${(this.server.address() as AddressInfo).port}/`;
  }

  /** Whether anybody looks: nothing needs to be measured or drawn where nobody does. */
  get isWatched(): boolean {
    return this.watching.size > 0;
  }

  /** Tells everybody who looks. */
  send(event: 'state' | 'chart', data: unknown): void {
    const text = `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
    // A tab that has stopped reading gets the next one, not all that it missed.
    for (const response of this.watching) if (!response.writableNeedDrain) response.write(text);
  }

  private async answer({ method, url, headers }: IncomingMessage, response: ServerResponse): Promise<void> {
    // A page from elsewhere whose name leads here would come with that name.
    if (headers.host !== new URL(this.url).host) reply(response, { status: 403, body: 'wrong host\n' });
    else if (method !== 'GET') reply(response, { status: 405, body: 'only GET\n', headers: { allow: 'GET' } });
    else if (url === '/') reply(response, { type: 'text/html', body: pageHtml(this.options.title) });
    else if (url === '/page.js') reply(response, { type: 'text/javascript', body: ownFile('page.js') });
    else if (url === '/events') this.watch(response);
    else if (url === '/dead-letters') reply(response, await told('dead letters', () => this.options.deadLetters()));
    else if (url === '/metrics')
      reply(response, { type: METRICS_TYPE, ...(await told('metrics', () => this.options.metrics())) });
    else if (url === '/targets')
      reply(response, { type: 'application/json', body: JSON.stringify(this.options.targets()) });
    else reply(response, { status: 404, body: 'there is only /\n' });
  }

  private watch(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.flushHeaders();
    response.on('error', () => this.watching.delete(response));
    response.on('close', () => this.watching.delete(response));
    this.watching.add(response);
    this.options.onOpen();
  }
}

const HOST = '127.0.0.1';
/** Prometheus' text format. */
const METRICS_TYPE = 'text/plain; version=0.0.4';
/** Only what this server serves; charts bring styles of their own. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** An answer; 200 and plain text unless it says otherwise. */
interface Reply {
  readonly status?: number;
  readonly type?: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

async function told(what: string, read: () => Promise<string>): Promise<Reply> {
  try {
    return { body: await read() };
  } catch (error) {
    return { status: 503, body: `${what} can't be read now: ${failureText(error)}\n` };
  }
}

function reply(response: ServerResponse, { status = 200, type = 'text/plain', body, headers }: Reply): void {
  response
    .writeHead(status, {
      'content-type': `${type}; charset=utf-8`,
      'content-security-policy': POLICY,
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      ...headers,
    })
    .end(body);
}

function pageHtml(title: string): string {
  return ownFile('page.html')
    .replace('/* theme */', themeCss(':root'))
    .replaceAll('{title}', title.replace(/&/g, '&amp;').replace(/</g, '&lt;'));
}

/** A file of the page: it stands in src/, where the linter sees it, and is read from dist/ too. */
function ownFile(name: string): string {
  return readFileSync(new URL(`../../src/live/${name}`, import.meta.url), 'utf8');
}

import { setTimeout as delay } from 'node:timers/promises';

/** A request to an Order API. */
export interface ApiCall {
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What it answered, with its whole body. */
export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** How long a caller goes on. */
export interface Patience {
  /** Milliseconds since the epoch. */
  readonly deadlineMs: number;
  readonly signal?: AbortSignal;
}

/** Callers give up on an answer then and call again: longer than the 10 s that the API gives its own calls. */
const ANSWER_LIMIT_MS = 15_000;
const AGAIN_AFTER_MS = 200;
/** Of what was answered last, in a message. */
const SHOWN_CHARACTERS = 300;

/** A caller of an Order API who is let in. */
export class ApiClient {
  readonly #url: string;
  readonly #token: string;

  /** @param token is sent as the bearer token. */
  constructor(url: string, token: string) {
    this.#url = url;
    this.#token = token;
  }

  /**
   * One call, whatever is answered; a redirection is followed nowhere.
   *
   * @throws Error where nobody answers, within 15 s.
   */
  async call(path: string, { headers, ...rest }: ApiCall = {}): Promise<ApiAnswer> {
    const response = await fetch(this.#url + path, {
      ...rest,
      headers: { authorization: `Bearer ${this.#token}`, ...headers },
      redirect: 'manual',
      signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  }

  /**
   * The same call again and again until it is answered with the wanted status, as by a caller that hears nothing.
   *
   * @throws Error with what was answered last, at the deadline.
   */
  async until(wanted: number, path: string, call: ApiCall, { deadlineMs, signal }: Patience): Promise<ApiAnswer> {
    for (;;) {
      const answer = await this.call(path, call).catch((error: Error) => error);
      if (!(answer instanceof Error) && answer.status === wanted) return answer;
      if (Date.now() > deadlineMs) {
        const last = answer instanceof Error ? answer.message : `${answer.status} ${answer.text}`;
        const request = `${call.method ?? 'GET'} ${path}`;
        throw new Error(`${request} was not answered with ${wanted}, at last: ${last.slice(0, SHOWN_CHARACTERS)}`);
      }
      await delay(AGAIN_AFTER_MS, undefined, signal === undefined ? {} : { signal });
    }
  }

  /**
   * Every page of a list, by the links from each to the next.
   *
   * @throws as `until`.
   */
  async *pages<Page>(first: string, patience: Patience): AsyncGenerator<Page> {
    for (let path: string | undefined = first; path !== undefined; ) {
      const { headers, text }: ApiAnswer = await this.until(200, path, {}, patience);
      yield JSON.parse(text) as Page;
      path = /<(.*)>; rel="next"/.exec(headers.get('link') ?? '')?.[1];
    }
  }

  /**
   * The lines of an import that is done.
   *
   * @param job the path that its 202 named.
   * @throws as `until`.
   */
  async importedLines(job: string, patience: Patience): Promise<readonly ImportedLine[]> {
    const lines: ImportedLine[] = [];
    const pages = this.pages<{ readonly lines: readonly ImportedLine[] }>(
      `${job.replace('jobs', 'imports')}?limit=${LARGEST_PAGE}`,
      patience,
    );
    for await (const page of pages) lines.push(...page.lines);
    return lines;
  }
}

const LARGEST_PAGE = 200;

/** What became of a line: an order, or else a problem. */
export interface ImportedLine {
  /** From 1. */
  readonly line: number;
  readonly orderId?: number;
  readonly href?: string;
}

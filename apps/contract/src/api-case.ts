/** For tests: what an API answered. */
export interface Called {
  readonly status: number;
  /** By lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** For tests: sends a request to the API under test, with the token where it asks for one. */
export type Call = (
  method: string,
  url: string,
  headers?: Readonly<Record<string, string>>,
  body?: string,
) => Promise<Called>;

/** One request and what every flavour answers to it. */
export interface Case {
  readonly title: string;
  /** Sent before it. */
  readonly before?: Parameters<Call>;
  readonly request: Parameters<Call>;
  readonly status: number;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
}

/** For tests: a JSON body. */
export const JSON_TYPE = { 'content-type': 'application/json' };

/** For tests: the headers of a failure. */
export const PROBLEM = { 'content-type': 'application/problem+json', 'cache-control': 'no-store' };

import { PROBLEM_CONTENT_TYPE } from '@order-bench/orders';
import { type FailureStatus, problem } from './problem.js';

/** An HTTP request as both flavours see it. */
export interface ApiRequest {
  readonly method: string;
  /** As it was sent, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** A header's value by its lower-case name; several are joined by commas. */
  header(name: string): string | undefined;
  /** The body; undefined where it is larger than that, and then not read to its end. */
  body(limitBytes: number): Promise<Uint8Array<ArrayBuffer> | undefined>;
}

/** An answer as data, for either flavour to send. A HEAD gets it without its body. */
export interface ApiResponse {
  readonly status: number;
  /** By lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A failure as an answer: an RFC 9457 problem. */
export function failure(
  status: FailureStatus,
  detail: string,
  { field, headers = {} }: { readonly field?: string; readonly headers?: Readonly<Record<string, string>> } = {},
): ApiResponse {
  return {
    status,
    headers: { ...headers, 'content-type': PROBLEM_CONTENT_TYPE, 'cache-control': 'no-store' },
    body: JSON.stringify(problem(status, detail, field)),
  };
}

/** A JSON answer. */
export function json(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): ApiResponse {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(value) };
}

/** The media type of a request's body in lower-case letters, without parameters; empty where it says none. */
export function mediaTypeOf(request: ApiRequest): string {
  return (request.header('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

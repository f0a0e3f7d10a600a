/** An RFC 9457 problem as an answer's body. `type` is left at about:blank, so `title` is the status's own phrase. */
export interface ApiProblem {
  readonly type: 'about:blank';
  readonly title: string;
  readonly status: number;
  /** What happened, and what to do; none of an order's content is in it. */
  readonly detail: string;
  /** Extension member: the field, header or parameter that does not fit. */
  readonly field?: string;
}

/** Every status of a failure that this API answers with. */
const TITLES = {
  400: 'Bad Request',
  401: 'Unauthorized',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  409: 'Conflict',
  412: 'Precondition Failed',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  428: 'Precondition Required',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
} as const;

/** One of them. */
export type FailureStatus = keyof typeof TITLES;

/** The problem of a failure. */
export function problem(status: FailureStatus, detail: string, field?: string): ApiProblem {
  return { type: 'about:blank', title: TITLES[status], status, detail, ...(field === undefined ? {} : { field }) };
}

import type { Problem } from '@order-bench/orders';

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

/**
 * The problem of a failure.
 *
 * @param detail what happened, and what to do; none of an order's content is in it.
 * @param field the field, header or parameter that does not fit.
 */
export function problem(status: FailureStatus, detail: string, field?: string): Problem {
  return { type: 'about:blank', title: TITLES[status], status, detail, ...(field === undefined ? {} : { field }) };
}

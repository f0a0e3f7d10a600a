import type { Refusal } from './order.js';

/** What came of one delivery. Every outcome but `done` carries what to tell the caller. */
export type Outcome =
  | { readonly kind: 'done' }
  | Refusal
  | { readonly kind: 'unauthorized' | 'binding-failed' | 'binding-timed-out' | 'stopping'; readonly detail: string };

/** An RFC 9457 problem. `type` is left at about:blank, so `title` is the status's own phrase. */
export interface Problem {
  readonly type: 'about:blank';
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** Extension member: the field of the order that does not fit. */
  readonly field?: string;
}

/** An HTTP answer as data, for any runtime to send. Without a problem the body is empty. */
export interface Answer {
  readonly status: number;
  readonly problem?: Problem;
}

/** Media type of a problem's JSON. */
export const PROBLEM_CONTENT_TYPE = 'application/problem+json';

/** The outcome while the app stops: the order is delivered again, to the next process. */
export const STOPPING: Outcome = { kind: 'stopping', detail: 'The app is stopping and takes no more orders.' };

/** The outcome for a caller that is not the app's daprd. */
export const UNAUTHORIZED: Outcome = {
  kind: 'unauthorized',
  detail: 'The header dapr-api-token is not the app API token: give daprd the same APP_API_TOKEN as the app.',
};

/** The one table from outcome to HTTP answer. 200 and not 204: Dapr's retries take only 200 for success. */
export function answer(outcome: Outcome): Answer {
  if (outcome.kind === 'done') return { status: 200 };
  const [status, title] = FAILURES[outcome.kind];
  const problem: Problem = { type: 'about:blank', title, status, detail: outcome.detail };
  const field = 'field' in outcome ? outcome.field : undefined;
  return { status, problem: field === undefined ? problem : { ...problem, field } };
}

const FAILURES: Readonly<Record<Exclude<Outcome['kind'], 'done'>, readonly [status: number, title: string]>> = {
  malformed: [400, 'Bad Request'],
  unauthorized: [401, 'Unauthorized'],
  'too-large': [413, 'Content Too Large'],
  'binding-failed': [502, 'Bad Gateway'],
  stopping: [503, 'Service Unavailable'],
  'binding-timed-out': [504, 'Gateway Timeout'],
};

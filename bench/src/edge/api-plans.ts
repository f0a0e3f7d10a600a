/** A part of a test of an Order API: one call of k6. */
export interface ApiPartPlan {
  /** What the test's script knows it by. */
  readonly part: string;
  /** Names of its requests, as the script gives them. */
  readonly requests: readonly string[];
  /** What each iteration is made of; see `dataOf`. */
  readonly data: ApiDataKind;
  /** Iterations a second: requests, or sequences of several. */
  readonly ratePerSecond: number;
  readonly durationS: number;
  /** Of an import: one job of so many lines, worked off as fast as it goes; rate and length are then 0. */
  readonly lines?: number;
}

/**
 * What iterations are made of: orders that nobody has sent; the same where a partner is told of each; orders that are written and that nobody has read; a few that are read
 * again and again; webhooks to make; an import; the origin of a page.
 */
export type ApiDataKind =
  | 'new-orders'
  | 'told-orders'
  | 'unread-orders'
  | 'read-orders'
  | 'webhooks'
  | 'import'
  | 'origin';

/** Parts one after the other, in 20 seconds altogether. */
const DURATION_S = 20;

/**
 * The tests by the names of their scripts in k6/src/api-tests. Rates are fixed, and the same for each contender: then all do the same
 * work, and what differs is what it takes. They were chosen beforehand for two cores that pipeline, API, daprds, broker, blob server
 * and k6 share, so that with Spin, whose JavaScript takes about 3 ms of CPU for each call of an app, nothing is near its limit: a
 * command is five calls (API, distributor, receiver, view, worker) and as much again in daprds and stand-ins, some 30 ms, so that 15
 * take a quarter of two cores; a question is one call of the API with up to four of its own. How busy the cores were stands in each
 * result (`generator.busyShare`); above 85 % it is void. But for an import: it takes what it gets, and k6 only asks how far it is.
 */
export const API_PLANS: Readonly<Record<string, readonly ApiPartPlan[]>> = {
  'api-command': parts(15, { command: 'new-orders' }),
  'api-query': parts(30, { hit: 'read-orders', miss: 'unread-orders', 'not-modified': 'read-orders' }),
  'api-negotiation': parts(30, {
    ...{ json: 'unread-orders', xml: 'unread-orders', csv: 'unread-orders', html: 'unread-orders' },
  }),
  'api-preflight': parts(50, { preflight: 'origin' }),
  'api-lag': [
    {
      ...{ part: 'lag', requests: ['command', 'lag'], data: 'new-orders' },
      ...{ ratePerSecond: 4, durationS: DURATION_S },
    },
  ],
  'api-webhooks': [
    {
      ...{ part: 'webhooks', requests: ['command', 'delivery', 'repeated-delivery'], data: 'told-orders' },
      ...{ ratePerSecond: 10, durationS: DURATION_S },
    },
  ],
  'api-import': [
    { part: 'import', requests: ['import', 'job'], data: 'import', ratePerSecond: 0, durationS: 0, lines: 10_000 },
  ],
  'api-crud': [
    {
      ...{ part: 'crud', requests: ['create', 'read', 'change', 'conflict', 'remove'], data: 'webhooks' },
      ...{ ratePerSecond: 4, durationS: DURATION_S },
    },
  ],
};

/** Parts of one request each, which has the part's name. */
function parts(ratePerSecond: number, kinds: Readonly<Record<string, ApiDataKind>>): ApiPartPlan[] {
  const durationS = Math.floor(DURATION_S / Object.keys(kinds).length);
  return Object.entries(kinds).map(([part, data]) => ({ part, requests: [part], data, ratePerSecond, durationS }));
}

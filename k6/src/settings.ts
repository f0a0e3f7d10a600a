import { DEFAULTS, type ShapeSettings, type TestName } from './shapes.ts';

/** Where the orders go, and what they are called in the figures; from the environment (`k6 run --env`). */
export interface Target {
  /** The app's address, e.g. `http://127.0.0.1:3001`; of several instances each gets every n-th order. */
  readonly urls: readonly string[];
  readonly contender: string;
  readonly role: Role;
  /** File with a JSON array of orders, each as the text that is sent; made by the generator. */
  readonly ordersFile: string;
  /** What the app wants in the header `dapr-api-token`; null where it asks for none. */
  readonly apiToken: string | null;
  /** Where the summary is written; to standard output without it. */
  readonly summaryFile: string | null;
}

/** Dapr's app ids. */
export type Role = 'distributor' | 'receiver-express' | 'receiver-standard';

/** The path that Dapr posts to, a role. */
export const PATH: Readonly<Record<Role, string>> = {
  distributor: '/q-order-ingress',
  'receiver-express': '/q-order-express-in',
  'receiver-standard': '/q-order-standard-in',
};

/** k6's `__ENV`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * @throws Error naming the variable that is missing or wrong.
 */
export function targetOf(env: Environment): Target {
  const role = required(env, 'ROLE');
  if (!isRole(role)) throw new Error(`ROLE is '${role}': it takes ${Object.keys(PATH).join(', ')}`);
  return {
    urls: required(env, 'TARGET_URL')
      .split(',')
      .map(url => url.replace(/\/$/, '')),
    contender: required(env, 'CONTENDER'),
    role,
    ordersFile: required(env, 'ORDERS_FILE'),
    apiToken: env.APP_API_TOKEN || null,
    summaryFile: env.SUMMARY_FILE ?? null,
  };
}

/**
 * @throws Error naming the variable that is no number.
 */
export function shapeSettingsOf(env: Environment): ShapeSettings {
  const ratePerSecond = positive(env, 'RATE');
  const durationS = positive(env, 'DURATION_S');
  const clients = positive(env, 'CLIENTS');
  const p99LimitMs = positive(env, 'P99_LIMIT_MS');
  const settleS = positive(env, 'SETTLE_S');
  return {
    ...(ratePerSecond === undefined ? {} : { ratePerSecond }),
    ...(durationS === undefined ? {} : { durationS }),
    ...(clients === undefined ? {} : { clients }),
    ...(p99LimitMs === undefined ? {} : { p99LimitMs }),
    ...(settleS === undefined ? {} : { settleS }),
  };
}

/** A test's rate and length, with its own where none is given. */
export function rateAndDuration(test: TestName, env: Environment): { ratePerSecond: number; durationS: number } {
  const { ratePerSecond, durationS } = shapeSettingsOf(env);
  return {
    ratePerSecond: ratePerSecond ?? DEFAULTS[test].ratePerSecond,
    durationS: durationS ?? DEFAULTS[test].durationS,
  };
}

function isRole(name: string): name is Role {
  return Object.keys(PATH).includes(name);
}

/**
 * @throws Error naming the variable where it is not set.
 */
export function required(env: Environment, name: string): string {
  const value = env[name];
  if (value) return value;
  throw new Error(`${name} is not set: give it with --env ${name}=... (see k6/README.md)`);
}

/**
 * A number above 0, or undefined where it is not set.
 *
 * @throws Error naming the variable where it is something else.
 */
export function positive(env: Environment, name: string): number | undefined {
  const text = env[name];
  if (!text) return undefined;
  const number = Number(text);
  if (number > 0) return number;
  throw new Error(`${name} is '${text}': it takes a number above 0`);
}

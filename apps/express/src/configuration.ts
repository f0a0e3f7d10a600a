import { APP_IDS, type AppId, isAppId } from '@order-bench/orders';

/** What the environment tells the app. */
export interface Configuration {
  /** Which of the three roles this process plays: `APP_ID`. */
  readonly appId: AppId;
  /** Address to listen on: `APP_HOST`, 127.0.0.1 unless set; a container needs 0.0.0.0. */
  readonly host: string;
  /** Port to listen on: `APP_PORT`, 3000 unless set. */
  readonly port: number;
  /** Where Dapr's HTTP API is: `DAPR_HTTP_HOST`, 127.0.0.1 unless set. */
  readonly daprHost: string;
  /** `DAPR_HTTP_PORT`, 3500 unless set. */
  readonly daprPort: number;
  /** Sent to Dapr with every call: `DAPR_API_TOKEN`. Unless set, none is sent. */
  readonly daprApiToken: string | undefined;
  /** What daprd must send with every order: `APP_API_TOKEN`. Unless set, nobody is asked. */
  readonly appApiToken: string | undefined;
  /** Whether it publishes that an order is written: `EVENTS`, on or off. Unless set, off. */
  readonly publishes: boolean;
  /** Least level that is logged: `LOG_LEVEL`, info unless set. */
  readonly logLevel: string;
}

/**
 * Reads the configuration from environment variables.
 *
 * @throws {Error} that names the variable and what it may be
 */
export function readConfiguration(env: NodeJS.ProcessEnv): Configuration {
  return {
    appId: appId(env),
    host: env.APP_HOST || '127.0.0.1',
    port: port(env, { name: 'APP_PORT', otherwise: 3000 }),
    daprHost: env.DAPR_HTTP_HOST || '127.0.0.1',
    daprPort: port(env, { name: 'DAPR_HTTP_PORT', otherwise: 3500 }),
    daprApiToken: env.DAPR_API_TOKEN || undefined,
    appApiToken: env.APP_API_TOKEN || undefined,
    publishes: publishes(env),
    logLevel: env.LOG_LEVEL || 'info',
  };
}

function appId(env: NodeJS.ProcessEnv): AppId {
  const value = env.APP_ID ?? '';
  if (isAppId(value)) return value;
  throw new Error(`APP_ID is "${value}"; set it to one of ${APP_IDS.join(', ')}.`);
}

function publishes({ EVENTS = 'off' }: NodeJS.ProcessEnv): boolean {
  if (EVENTS === 'on' || EVENTS === 'off') return EVENTS === 'on';
  throw new Error(`EVENTS is "${EVENTS}"; set it to on or off.`);
}

function port(env: NodeJS.ProcessEnv, { name, otherwise }: { name: string; otherwise: number }): number {
  const value = env[name];
  if (value === undefined || value === '') return otherwise;
  const number = Number(value);
  if (/^\d+$/.test(value) && number <= 65_535) return number;
  throw new Error(`${name} is "${value}"; set it to a port from 0 to 65535.`);
}

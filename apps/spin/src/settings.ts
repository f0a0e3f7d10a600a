import { Variables } from '@fermyon/spin-sdk';

/** What a component's variables tell it. */
export interface Settings {
  /** Where Dapr's HTTP API is, as `http://host:port`. */
  readonly daprUrl: string;
  /** Sent to Dapr with every call; empty where there is none. */
  readonly daprApiToken: string;
  /** What daprd must send with every order; empty lets everybody in. */
  readonly appApiToken: string;
  /** Whether receivers publish that an order is written. */
  readonly publishes: boolean;
}

/**
 * Reads the variables, for each request anew: a component starts from a snapshot that was made before there were any.
 * The two tokens and the switch come in one variable with spaces between them, which is never empty: Spin's JavaScript
 * engine may end with a trap at some later moment of a request in which it was given an empty one.
 *
 * @throws {Error} where spin.toml gives the component no `dapr_url`
 */
export function readSettings(): Settings {
  const daprUrl = Variables.get('dapr_url');
  if (!daprUrl) {
    throw new Error('The component variable dapr_url is not set; see [component.<id>.variables] in spin.toml.');
  }
  const [daprApiToken = '', appApiToken = '', events] = (Variables.get('settings') ?? '').split(' ');
  return { daprUrl, daprApiToken, appApiToken, publishes: events === 'on' };
}

import { Variables } from '@fermyon/spin-sdk';
import { DaprPipeline, DaprQueue, DaprState } from '@order-bench/order-api';

/** What a component's variables tell it. */
export interface Settings {
  readonly dapr: { readonly daprUrl: string; readonly daprApiToken: string; readonly fetch: typeof fetch };
  /** What callers of the API send. */
  readonly token: string;
  /** What daprd sends. */
  readonly appApiToken: string;
  readonly allowedOrigins: readonly string[];
  readonly webhookRules: { readonly isLocal: boolean };
  readonly webhookOrigin: string;
}

/** Reads the variables: one holds several, with lines between them, for Spin's JavaScript engine may trap at an empty one. */
export function readSettings(): Settings {
  const values = (Variables.get('settings') ?? '').split('|');
  const [daprApiToken = '', token = '', appApiToken = '', origins = '', webhooks = '', webhookOrigin = ''] = values;
  return {
    dapr: { daprUrl: Variables.get('dapr_url') ?? '', daprApiToken, fetch },
    token,
    appApiToken,
    allowedOrigins: origins.split(' ').filter(origin => origin !== ''),
    webhookRules: { isLocal: webhooks === 'local' },
    webhookOrigin,
  };
}

/** The ports that every role has. */
export function portsOf({ dapr }: Settings) {
  return { state: new DaprState(dapr), pipeline: new DaprPipeline(dapr), queue: new DaprQueue(dapr) };
}

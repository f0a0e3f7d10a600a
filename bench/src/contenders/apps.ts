import type { RigApp } from '@order-bench/rig';
import { UsageError } from '../text/usage-error.js';
import { type Contender, DESCRIPTOR } from './contender.js';
import type { Runtime } from './runtime.js';
import { spinSetup } from './spin-settings.js';

/**
 * The three apps of a contender (one for a contender without Dapr), as the rig starts them.
 *
 * @param values of further placeholders in `env`.
 */
export function appsOf(
  contender: Contender,
  appIds: readonly string[],
  runtime: Runtime,
  values: Readonly<Record<string, string>> = {},
): RigApp[] {
  const dapr = contender.dapr ?? true;
  const setup = spinSetup(contender.spin ?? {});
  return (dapr ? appIds : ['direct']).map(appId => ({
    appId,
    healthPath: contender.healthPath,
    dapr,
    replicas: contender.replicas ?? 1,
    launch: addresses => ({
      command: [
        ...contender.start.flatMap(word => (isRuntime(word) ? runtime.command : [fill(word, { ...addresses })])),
        ...setup.args,
        // Spin's logs of guests and its stores; by itself it makes a `.spin` beside the manifest.
        ...(runtime.kind === 'spin' ? ['--state-dir', addresses.stateDir] : []),
      ],
      cwd: contender.dir,
      env: {
        ...runtime.env,
        ...setup.env,
        ...Object.fromEntries(
          Object.entries(contender.env ?? {}).map(([key, value]) => [
            key,
            fill(value, { ...UNLESS_TOLD, ...values, ...addresses, ...apiTokens(process.env) }),
          ]),
        ),
      },
    }),
  }));
}

/** A pipeline publishes nothing, and an Order API lets in everybody and tells nobody beside it. */
const UNLESS_TOLD = { events: 'off', ordersApiToken: '', allowedOrigins: '', webhooks: 'public' };

/** Dapr's tokens as the user's environment has them, where daprd too takes them from; empty where they are not set. */
export function apiTokens({ DAPR_API_TOKEN = '', APP_API_TOKEN = '' }: NodeJS.ProcessEnv): {
  readonly daprApiToken: string;
  readonly appApiToken: string;
} {
  return { daprApiToken: DAPR_API_TOKEN, appApiToken: APP_API_TOKEN };
}

function isRuntime(word: string): boolean {
  return word === '{spin}' || word === '{node}';
}

function fill(template: string, values: Readonly<Record<string, string | number>>): string {
  return template.replace(/\{(\w+)\}/g, (placeholder, key: string) => {
    const value = Object.hasOwn(values, key) ? values[key] : undefined;
    if (value === undefined) {
      throw new UsageError(
        `unknown placeholder ${placeholder} in a ${DESCRIPTOR}: there are ${Object.keys(values).join(', ')}`,
      );
    }
    return String(value);
  });
}

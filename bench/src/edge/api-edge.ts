import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { BrokerAdmin } from '@order-bench/rig';
import type { PreparedApi } from '../contenders/prepare-api.js';
import { API_ROLE } from '../results/k6-result.js';
import { startApiRig } from '../sites/rig/api-rig.js';
import { ApiClient } from '../workload/api-client.js';
import { KEPT_EVENTS } from '../workload/order-api.js';
import type { Edge } from './edge.js';

/** A contender's pipeline with the Order API of its flavour, as a whole: the app groups are of all of their processes. */
export interface ApiEdge extends Edge {
  /** What callers send as their bearer token. */
  readonly token: string;
  readonly client: ApiClient;
  /** Process group of the app that answers. */
  readonly apiGroups: ReadonlySet<number>;
  readonly daprdGroups: ReadonlySet<number>;
}

/** An origin whose pages may call the API. */
export const LISTED_ORIGIN = 'http://shop.example';

/**
 * Starts the rig, as `make api` does.
 *
 * @param runDir folder for its logs.
 * @throws ProcessFailed when a process dies or does not get ready.
 */
export async function startApiEdge(prepared: PreparedApi, runDir: string): Promise<ApiEdge> {
  const token = randomBytes(16).toString('hex');
  const { rig, url } = await startApiRig({ ...prepared, runDir, token, allowOrigin: [LISTED_ORIGIN] });
  const { supervisor } = rig;
  const answering = supervisor.processes.filter(({ name }) => name === `app-${API_ROLE}`);
  return {
    ...{ url, urls: [url], healthPath: prepared.api.contender.healthPath, token, client: new ApiClient(url, token) },
    apiGroups: new Set(answering.map(({ pid }) => pid)),
    appGroups: supervisor.groupsOf('app'),
    daprdGroups: supervisor.groupsOf('dapr'),
    behindGroups: supervisor.groupsOf('rig', 'dapr'),
    failure: supervisor.failure,
    settled: signal => Promise.race([untilDrained(rig.broker, signal), supervisor.failure]),
    guard: child => supervisor.guard(child),
    stop: () => rig.stop(),
  };
}

const POLL_MS = 100;
const DRAIN_LIMIT_MS = 60_000;

/**
 * Waits until no message is in any queue or subscription but in that of events that nobody could take.
 *
 * @throws Error naming what is left where it has not become less for a minute.
 */
export async function untilDrained(broker: Pick<BrokerAdmin, 'queues'>, signal: AbortSignal): Promise<void> {
  let least = Number.POSITIVE_INFINITY;
  let lessMs = performance.now();
  for (;;) {
    const left = (await broker.queues()).filter(
      ({ name, active, locked }) => name !== KEPT_EVENTS && active + locked > 0,
    );
    if (left.length === 0) return;
    const count = left.reduce((sum, { active, locked }) => sum + active + locked, 0);
    if (count < least) [least, lessMs] = [count, performance.now()];
    if (performance.now() > lessMs + DRAIN_LIMIT_MS) {
      const queues = left.map(({ name, active, locked }) => `${name} ${active + locked}`).join(', ');
      throw new Error(
        `messages are left that have not become fewer for a minute: ${queues}. See the logs of the apps that take them`,
      );
    }
    await delay(POLL_MS, undefined, { signal });
  }
}

import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServiceBusClient } from '@azure/service-bus';
import { findDaprd, startRig } from '@order-bench/rig';
import { expect, it, vi } from 'vitest';
import { INGRESS_QUEUE } from '../src/workload/pipeline.js';
import { Recorder } from './recorder.js';

const MESSAGES = 64;
/** Without the middleware of local/daprd/unanswered.go daprd 1.18 takes one in 700 to 3,000 of them for answered. */
const CALLS = 30_000;
const WAIT = { timeout: 240_000, interval: 200 };

/** Makes that many calls a matter of seconds. */
const AT_ONCE_AGAIN = `
apiVersion: dapr.io/v1alpha1
kind: Resiliency
metadata:
  name: order-bench
spec:
  policies:
    retries:
      at-once-again: { policy: constant, duration: 1ms, maxRetries: -1 }
  targets:
    components:
      ${INGRESS_QUEUE}: { inbound: { retry: at-once-again } }
`;

const daprd = await findDaprd();

it.skipIf(daprd.kind === 'user')(
  'our daprd completes no message while nothing listens where its app should be',
  { timeout: 600_000 },
  async () => {
    const rig = await startRig({
      runDir: await mkdtemp(join(tmpdir(), 'order-bench-unanswered-')),
      queues: [INGRESS_QUEUE],
      apps: [new Recorder('distributor').app],
      blobs: 'local',
      daprd: daprd.command,
      handlers: MESSAGES,
    });
    const bus = new ServiceBusClient(rig.serviceBusConnectionString);
    const messages = () => rig.broker.messages(INGRESS_QUEUE);
    try {
      await writeFile(join(rig.resourcesDir, 'resiliency.yaml'), AT_ONCE_AGAIN);
      await rig.supervisor.takeDown('daprd-distributor');
      await rig.supervisor.bringUp('daprd-distributor');
      const sender = bus.createSender(INGRESS_QUEUE);
      // It reads once its app is well; from then on it takes the app for well for an hour.
      await sender.sendMessages({ body: '{}' });
      await vi.waitUntil(async () => (await messages()).some(({ state }) => state === 'settled'), WAIT);
      await rig.supervisor.takeDown('app-distributor');
      await rig.broker.purge(INGRESS_QUEUE);
      await sender.sendMessages(Array.from({ length: MESSAGES }, () => ({ body: '{}' })));
      const [dapr] = rig.daprs;
      await vi.waitUntil(async () => dapr && (await failedCalls(dapr.metricsUrl)) > CALLS, WAIT);
      const states = (await messages()).map(({ state }) => state);
      expect(states).toEqual(Array(MESSAGES).fill('locked'));
    } finally {
      await bus.close();
      await rig.stop();
    }
  },
);

/** Calls to the app that ended with a 5xx, as a daprd counts them. */
async function failedCalls(metricsUrl: string): Promise<number> {
  const text = await (await fetch(metricsUrl)).text();
  const counts = text.matchAll(/^dapr_http_client_completed_count\{[^}]*status="5\d\d"[^}]*\} (\S+)$/gm);
  return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
}

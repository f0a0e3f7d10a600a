import { join } from 'node:path';
import { findSpin } from '@order-bench/rig';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { describeCases } from './app-cases.js';
import { AppProcess } from './app-process.js';
import { FakeDapr } from './fake-dapr.js';

const HEALTH_PATH = '/.well-known/spin/health';
const ORDER = '{ "orderId":5, "delivery":"Express", "__proto__":{"html":"<>&\\u2028ä😀"} }';

/** Both the components and, without a spin, its stand-in may have to be built first. */
const BUILD_LIMIT_MS = 1_200_000;

/** The first start compiles three components to machine code: half a minute on two free cores. */
const START_LIMIT_MS = 300_000;

/** The cases of a Spin contender, run on its components as they are built, all in one host and each in a host of its own. */
export function describeSpinCases(name: string, appDir: string): void {
  /** Starts the app and waits until it is healthy. */
  async function startSpin(env: Readonly<Record<string, string>>, ...flags: readonly string[]): Promise<AppProcess> {
    const { command } = await findSpin();
    const app = await AppProcess.start(
      port => [...command, 'up', '--from', join(appDir, 'spin.toml'), '--listen', `127.0.0.1:${port}`, ...flags],
      () => env,
    );
    const healthy = vi.waitFor(async () => expect((await fetch(app.url + HEALTH_PATH)).status).toBe(200), {
      timeout: START_LIMIT_MS,
      interval: 100,
    });
    const ended = app.exit.then(({ output }) => Promise.reject(new Error(`spin ended at its start:\n${output}`)));
    try {
      await Promise.race([healthy, ended]);
      return app;
    } catch (error) {
      app.kill('SIGKILL');
      throw error;
    }
  }

  describe(`${name}, its components on a Spin host`, () => {
    let dapr: FakeDapr;
    let app: AppProcess;

    beforeAll(async () => {
      dapr = await FakeDapr.start();
      app = await startSpin(variables(dapr.url));
    }, BUILD_LIMIT_MS);

    afterAll(async () => {
      app?.kill('SIGTERM');
      await app?.exit;
      await dapr?.stop();
    });

    beforeEach(() => {
      dapr.calls.length = 0;
    });

    it.each([
      ['/q-order-ingress', 'q-order-express-out', { MessageId: '5' }],
      ['/q-order-express-in', 'express-outbox', { blobName: '5', contentType: 'application/json' }],
      ['/q-order-standard-in', 'express-outbox', { blobName: '5', contentType: 'application/json' }],
    ])('take an order from %s to %s unchanged and answer 200', async (route, binding, metadata) => {
      const response = await fetch(app.url + route, { method: 'POST', body: ORDER });
      expect(response.status).toBe(200);
      const body = `{"operation":"create","data":${ORDER},"metadata":${JSON.stringify(metadata)}}`;
      expect(dapr.calls).toEqual([{ binding, body }]);
    });

    it.each(['/q-order-ingress', '/q-order-express-in', '/q-order-standard-in'])('answer OPTIONS %s', async route => {
      expect((await fetch(app.url + route, { method: 'OPTIONS' })).status).toBe(200);
    });
  });

  describeCases(`${name}, one component on a Spin host`, {
    healthPath: HEALTH_PATH,
    afterHalfAnAnswer: 502,
    startLimitMs: START_LIMIT_MS,
    start({ appId, daprPort, daprApiToken, appApiToken, events }) {
      const settings = {
        SPIN_VARIABLE_DAPR_API_TOKEN: daprApiToken,
        SPIN_VARIABLE_APP_API_TOKEN: appApiToken,
        SPIN_VARIABLE_EVENTS: events,
      };
      return startSpin({ ...variables(`http://127.0.0.1:${daprPort}`), ...settings }, '--component-id', appId);
    },
  });

  it(
    `${name}: a component started by its id answers on its own route alone`,
    async () => {
      const dapr = await FakeDapr.start();
      const app = await startSpin(variables(dapr.url), '--component-id', 'receiver-standard');
      try {
        const body = '{"orderId":6,"delivery":"STANDARD"}';
        expect((await fetch(`${app.url}/q-order-standard-in`, { method: 'POST', body })).status).toBe(200);
        expect((await fetch(`${app.url}/q-order-express-in`, { method: 'POST', body })).status).toBe(404);
        expect(dapr.calls.map(({ binding }) => binding)).toEqual(['standard-outbox']);
      } finally {
        app.kill('SIGTERM');
        await app.exit;
        await dapr.stop();
      }
    },
    START_LIMIT_MS,
  );
}

/** Every component's Dapr at one address. */
function variables(daprUrl: string): Readonly<Record<string, string>> {
  return {
    SPIN_VARIABLE_DISTRIBUTOR_DAPR_URL: daprUrl,
    SPIN_VARIABLE_RECEIVER_EXPRESS_DAPR_URL: daprUrl,
    SPIN_VARIABLE_RECEIVER_STANDARD_DAPR_URL: daprUrl,
  };
}

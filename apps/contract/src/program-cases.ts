import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type CasesOptions, describeCases } from './app-cases.js';
import { AppProcess } from './app-process.js';
import { FakeDapr } from './fake-dapr.js';

/** What the cases need to know of a program that takes its settings from the environment. */
export interface ProgramOptions extends Pick<CasesOptions, 'afterHalfAnAnswer'> {
  /** Starts it; the environment says the rest. */
  readonly command: readonly string[];
}

/** The cases of a contender that is a program of its own for each role, run on that program. */
export function describeProgramCases(name: string, { command, afterHalfAnAnswer }: ProgramOptions): void {
  describeCases(name, {
    afterHalfAnAnswer,
    healthPath: '/healthz',
    startLimitMs: 30_000,
    async start({ appId, daprPort, daprApiToken, appApiToken, events }) {
      const app = await AppProcess.startProgram(command, {
        APP_ID: appId,
        DAPR_HTTP_HOST: '127.0.0.1',
        DAPR_HTTP_PORT: String(daprPort),
        DAPR_API_TOKEN: daprApiToken,
        APP_API_TOKEN: appApiToken,
        EVENTS: events,
      });
      const healthy = async () => expect((await fetch(`${app.url}/healthz`)).status).toBe(200);
      await vi.waitFor(healthy, { timeout: 20_000 });
      return app;
    },
  });
}

/** How such a program starts and stops. */
export function describeStartAndStop(name: string, command: readonly string[]): void {
  describe(name, () => {
    let dapr: FakeDapr;
    let app: AppProcess | undefined;

    async function start(env: Readonly<Record<string, string>>): Promise<AppProcess> {
      app = await AppProcess.startProgram(command, { DAPR_HTTP_PORT: String(dapr.port), ...env });
      return app;
    }

    beforeEach(async () => {
      dapr = await FakeDapr.start();
    });

    afterEach(async () => {
      app?.kill('SIGKILL');
      await app?.exit;
      app = undefined;
      await dapr.stop();
    });

    it.each(['SIGTERM', 'SIGINT'] as const)(
      'finishes the order in flight on %s, takes no new one, and exits with 0',
      async signal => {
        const { url, exit } = await start({ APP_ID: 'receiver-standard' });
        await vi.waitFor(async () => expect((await fetch(`${url}/healthz`)).status).toBe(200), { timeout: 20_000 });
        dapr.answer = 'silence';
        const order = { method: 'POST', body: '{"orderId":77,"delivery":"Standard","firstName":"Wilhelmina"}' };
        const inFlight = fetch(`${url}/q-order-standard-in`, order);
        await vi.waitFor(() => expect(dapr.calls).toHaveLength(1), { timeout: 20_000 });
        app?.kill(signal);
        await vi.waitFor(async () => expect((await fetch(`${url}/healthz`)).status).toBe(503), { timeout: 20_000 });
        expect((await fetch(`${url}/q-order-standard-in`, order)).status).toBe(503);
        dapr.release();
        expect((await inFlight).status).toBe(200);
        const { code, output } = await exit;
        expect(code).toBe(0);
        expect(output).toMatch(/listens/);
        expect(output).not.toContain('Wilhelmina');
      },
    );

    it('keeps its connections to Dapr', async () => {
      const { url } = await start({ APP_ID: 'distributor' });
      await vi.waitFor(async () => expect((await fetch(`${url}/healthz`)).status).toBe(200), { timeout: 20_000 });
      for (let count = 0; count < 20; count++) {
        const sent = await fetch(`${url}/q-order-ingress`, {
          method: 'POST',
          body: '{"orderId":1,"delivery":"express"}',
        });
        expect(sent.status).toBe(200);
      }
      expect(dapr.connections).toBeLessThan(5);
    });

    it.each([
      [{ APP_ID: 'distributer' }, 'APP_ID is "distributer"; set it to one of distributor'],
      [{ APP_ID: 'distributor', APP_PORT: 'http' }, 'APP_PORT is "http"'],
      [{ APP_ID: 'distributor', DAPR_HTTP_PORT: '70000' }, 'DAPR_HTTP_PORT is "70000"'],
      [{ APP_ID: 'distributor', EVENTS: 'yes' }, 'EVENTS is "yes"; set it to on or off.'],
    ])('refuses to start with %j and says what to set', async (env, message) => {
      const { code, output } = await (await start(env)).exit;
      expect(code).toBe(1);
      expect(output).toContain(message);
    });
  });
}

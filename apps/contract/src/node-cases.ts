import { expect, vi } from 'vitest';
import { type CasesOptions, describeCases } from './app-cases.js';
import { AppProcess } from './app-process.js';

/** The cases of an Express app, run on its compiled entry file. */
export function describeNodeCases(
  name: string,
  { entry, afterHalfAnAnswer }: Pick<CasesOptions, 'afterHalfAnAnswer'> & { readonly entry: string },
): void {
  describeCases(name, {
    afterHalfAnAnswer,
    healthPath: '/healthz',
    startLimitMs: 30_000,
    async start({ appId, daprPort, daprApiToken, appApiToken }) {
      const app = await AppProcess.startNode(entry, {
        APP_ID: appId,
        DAPR_HTTP_HOST: '127.0.0.1',
        DAPR_HTTP_PORT: String(daprPort),
        DAPR_API_TOKEN: daprApiToken,
        APP_API_TOKEN: appApiToken,
      });
      const healthy = async () => expect((await fetch(`${app.url}/healthz`)).status).toBe(200);
      await vi.waitFor(healthy, { timeout: 20_000 });
      return app;
    },
  });
}

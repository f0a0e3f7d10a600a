import { setTimeout as delay } from 'node:timers/promises';
import { describe, it } from 'vitest';
import { type Pipeline, startPipeline } from './pipeline.js';

const ORDERS = 300;
/** Longer than the 60 s lock of a message, so that only renewal keeps it. */
const OUTAGE_MS = 90_000;

/** How each outage begins, and how it ends. */
const OUTAGES: Record<string, { begin(p: Pipeline): Promise<void>; end(p: Pipeline): Promise<void> }> = {
  'an app is down': {
    begin: ({ rig }) => rig.supervisor.takeDown('app-receiver-express'),
    end: ({ rig }) => rig.supervisor.bringUp('app-receiver-express'),
  },
  'the app channel hangs: the app accepts and never answers': {
    begin: async ({ rig }) => rig.supervisor.kill('app-distributor', 'SIGSTOP'),
    end: async ({ rig }) => rig.supervisor.kill('app-distributor', 'SIGCONT'),
  },
  'the blob server hangs, so that a delivery waits with its lock': {
    begin: async ({ rig }) => rig.supervisor.kill('blob', 'SIGSTOP'),
    end: async ({ rig }) => rig.supervisor.kill('blob', 'SIGCONT'),
  },
};

describe.concurrent('an outage of 90 s dead-letters no good order:', () => {
  it.each(Object.entries(OUTAGES))('%s', { timeout: 600_000 }, async (_, { begin, end }) => {
    const pipeline = await startPipeline({ contenderName: 'express-ts', orders: ORDERS });
    try {
      await pipeline.written(ORDERS / 6);
      await begin(pipeline);
      await delay(OUTAGE_MS);
      await end(pipeline);
      await pipeline.allWritten();
    } finally {
      await pipeline.rig.stop();
    }
  });
});

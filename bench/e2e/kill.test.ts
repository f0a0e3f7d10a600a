import { describe, expect, it } from 'vitest';
import { startPipeline } from './pipeline.js';

const ORDERS = 300;
/** What a killed daprd held comes back when its locks run out: sooner than Azure's 60 s. */
const LOCK_MS = 10_000;
const VICTIMS = ['app', 'daprd'].flatMap(kind =>
  ['distributor', 'receiver-express', 'receiver-standard'].map(id => `${kind}-${id}`),
);

// At once, for they mostly wait for locks to run out.
describe.concurrent.each(['express-ts', 'spin-ts'])('kill -9 during a drain of %s loses nothing:', contender => {
  it.each(VICTIMS)('%s', { timeout: 240_000 }, async victim => {
    const { rig, written, allWritten } = await startPipeline({
      contenderName: contender,
      orders: ORDERS,
      lockDurationMs: LOCK_MS,
    });
    try {
      await written(ORDERS / 6);
      rig.supervisor.kill(victim, 'SIGKILL');
      await allWritten();
      expect(rig.supervisor.processes.find(({ name }) => name === victim)?.restarts).toBe(1);
    } finally {
      await rig.stop();
    }
  });
});

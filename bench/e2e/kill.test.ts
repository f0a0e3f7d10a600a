import { expect, it } from 'vitest';
import { startPipeline } from './pipeline.js';

/** How many are written between two kills. */
const STEP = 100;
/** What a killed daprd held comes back when its locks run out: sooner than Azure's 60 s. */
const LOCK_MS = 10_000;
const VICTIMS = ['app', 'daprd'].flatMap(kind =>
  ['distributor', 'receiver-express', 'receiver-standard'].map(id => `${kind}-${id}`),
);

it.each(['express-ts', 'spin-ts'])(
  'kill -9 of each app and each daprd of %s, one after the other during a drain, loses nothing',
  {
    timeout: 240_000,
  },
  async contenderName => {
    const orders = STEP * (VICTIMS.length + 1);
    const { rig, written, allWritten } = await startPipeline({ contenderName, orders, lockDurationMs: LOCK_MS });
    try {
      for (const [index, victim] of VICTIMS.entries()) {
        await written(STEP * index + STEP / 2);
        rig.supervisor.kill(victim, 'SIGKILL');
      }
      await allWritten();
      const restarts = rig.supervisor.processes.map(process => [process.name, process.restarts]);
      expect(Object.fromEntries(restarts)).toMatchObject(Object.fromEntries(VICTIMS.map(victim => [victim, 1])));
    } finally {
      await rig.stop();
    }
  },
);

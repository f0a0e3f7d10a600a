import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CheckedDrain } from '@order-bench/bench';
import { deployTestDir } from '../go-tool.js';
import type { Cluster } from './cluster.js';
import { BLOB_ADMIN_URL, OUTBOXES } from './stand-ins.js';

/** Orders, and how fast they come. */
export interface DrainOptions {
  readonly cluster: Cluster;
  readonly orders: number;
  readonly ordersPerSecond: number;
}

/** A drain under way. */
export interface Drain {
  /** Returns when so many orders are written; throws what the drain fails with before. */
  untilWritten(orders: number): Promise<void>;
  /** What came of every order. */
  readonly end: Promise<CheckedDrain>;
}

const POLL_MS = 200;

/** Sends orders, which nothing has to stand still for: see checkedDrain of bench. */
export function startDrain({ cluster, orders, ordersPerSecond }: DrainOptions): Drain {
  const program = join(deployTestDir, 'dist', 'src', 'node', 'drain-main.js');
  const { namespaces } = cluster;
  const end = namespaces
    .run({ command: [process.execPath, program, `${orders}`, `${ordersPerSecond}`] })
    .then(printed => JSON.parse(printed) as CheckedDrain);
  let hasEnded = false;
  end.then(
    () => {
      hasEnded = true;
    },
    () => {
      hasEnded = true;
    },
  );
  return {
    end,
    async untilWritten(wanted) {
      // The containers are emptied first: what is in them before is of another drain.
      let isEmptied = false;
      for (;;) {
        if (hasEnded)
          await end.then(({ lastSeen }) => Promise.reject(new Error(`the drain is over already: ${lastSeen}`)));
        const written = await writtenOrders(cluster);
        isEmptied ||= written < wanted;
        if (isEmptied && written >= wanted) return;
        await sleep(POLL_MS);
      }
    },
  };
}

async function writtenOrders({ namespaces }: Cluster): Promise<number> {
  const printed = await namespaces.run({ command: ['curl', '--silent', '--fail', `${BLOB_ADMIN_URL}/containers`] });
  const { containers } = JSON.parse(printed) as { containers: readonly { name: string; blobs: number }[] };
  return containers.filter(({ name }) => OUTBOXES.includes(name)).reduce((sum, { blobs }) => sum + blobs, 0);
}

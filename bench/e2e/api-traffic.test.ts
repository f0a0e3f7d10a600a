import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BlobServiceClient } from '@azure/storage-blob';
import { makeOrders } from '@order-bench/generator';
import { OUTBOX_BINDING, route } from '@order-bench/orders';
import { expect, it, vi } from 'vitest';
import { startApiTraffic } from '../src/chaos/api-traffic.js';
import { prepareApi } from '../src/contenders/prepare-api.js';
import { queuedMessages } from '../src/run/drain-watch.js';
import { startApiRig } from '../src/sites/rig/api-rig.js';
import { blobStore } from '../src/verify/blob-store.js';
import { verifyStored } from '../src/verify/verify.js';
import { ApiClient } from '../src/workload/api-client.js';
import { OUTBOXES } from '../src/workload/pipeline.js';

const ORDERS = 32;
const LONGEST = { timeout: 60_000, interval: 100 };

// What `bench chaos --api` holds a drain against, without the faults.
it('chaos finds nothing wrong with what an Order API does, but the one order whose blob was changed', {
  timeout: 120_000,
}, async () => {
  const { rig, url } = await startApiRig({
    ...(await prepareApi('express-ts')),
    ...{ token: 'secret', allowOrigin: [] },
    runDir: await mkdtemp(join(tmpdir(), 'order-bench-test-')),
  });
  const traffic = await startApiTraffic({
    ...{ api: new ApiClient(url, 'secret'), name: 'order-api-express', waveTimesMs: [0, 300] },
    ...{ patienceMs: LONGEST.timeout, signal: new AbortController().signal },
    orders: makeOrders({ count: ORDERS, seed: 1 }).map(order => ({
      orderId: String(order.orderId),
      body: order.body,
      container: OUTBOX_BINDING[route(order)],
    })),
  });
  try {
    await vi.waitFor(async () => expect(traffic.open() + (await queuedMessages(rig.broker))).toBe(0), LONGEST);
    // A line of an import, which nobody has read before: its id is smaller than those that the API makes of the time.
    const store = blobStore(rig, OUTBOXES);
    const names = (await store.writes('express-outbox')).writes.map(({ name }) => Number(name));
    const changed = String(names.find(name => name > ORDERS && name < 2 ** 52));
    const blobs = BlobServiceClient.fromConnectionString(rig.blobConnectionString);
    await blobs.getContainerClient('express-outbox').getBlockBlobClient(changed).upload('{}', 2);

    const { failures, orders, api } = await traffic.outcome();
    expect(failures).toEqual([
      expect.stringContaining(`GET /orders/${changed} does not show it as it was sent: {"orderId":${changed},`),
    ]);
    expect(api).toMatchObject({ posted: ORDERS / 2, imported: ORDERS / 2, repeated: 7, refused: 3 });
    expect(await verifyStored(store, OUTBOXES, orders)).toMatchObject({
      ...{ missing: [], unexpected: [], misrouted: [], corrupt: [changed] },
    });
  } finally {
    await traffic.stop();
    await rig.stop();
  }
});

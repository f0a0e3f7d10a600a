import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { BlobServiceClient } from '@azure/storage-blob';
import { APP_IDS } from '@order-bench/orders';
import { checkoutDir, startRig } from '@order-bench/rig';
import { Argument, Command } from 'commander';
import { appsOf } from '../contenders/apps.js';
import { findContender } from '../contenders/contender.js';
import { prepare } from '../contenders/prepare.js';
import type { RigHolder } from '../plans/runner.js';
import { UsageError } from '../text/usage-error.js';
import { makeOutboxes } from '../verify/blob-store.js';
import { QUEUES } from '../workload/pipeline.js';
import { untilStopped, withCheckout } from './with-checkout.js';

/** Dapr's app ids of the Order API: its HTTP edge, its read model, and who tells partners. */
const API_APP_IDS = ['orders-api', 'orders-view', 'orders-worker'] as const;
const API_QUEUES = ['q-webhooks'];
/** Topics with the subscriptions of each; what a subscriber could not take goes to the second. */
const TOPICS = { orders: ['orders-view', 'orders-worker'], 'orders-dead': ['kept'] };
const STATE_CONTAINER = 'orders-state';

/** `bench api`: a rig with a contender's pipeline and the Order API of the same flavour in front of it, until Ctrl-C. */
export function apiCommand(): Command {
  return new Command('api')
    .description('the Order API in front of a contender, to be tried by hand until Ctrl-C')
    .addArgument(new Argument('[contender]', 'whose flavour it is').default('express-ts'))
    .option('--allow-origin <origins...>', 'origins whose pages may call it', [])
    .action(async (contender: string, { allowOrigin }: { readonly allowOrigin: readonly string[] }) => {
      process.exitCode = await withCheckout('bench api', session => serve({ contender, allowOrigin, session }));
    });
}

interface Serving {
  readonly contender: string;
  readonly allowOrigin: readonly string[];
  readonly session: RigHolder;
}

async function serve({ contender: name, allowOrigin, session }: Serving): Promise<number> {
  const { orderApi, dir } = await findContender(name);
  if (orderApi === undefined) throw new UsageError(`${name} has no Order API: express-ts and spin-ts have one`);
  const prepared = await prepare({ contenders: [name, join(dir, orderApi)], runtime: [] });
  const [pipeline, api] = [...prepared.contenders.values()];
  if (!pipeline || !api) throw new UsageError(`${name} has no Order API in ${orderApi}`);
  const token = randomBytes(16).toString('hex');
  const apiApps = appsOf(api.contender, API_APP_IDS, api.runtime, {
    ordersApiToken: token,
    allowedOrigins: allowOrigin.join(' '),
    // Partners are processes of this machine.
    webhooks: 'local',
  });
  const runDir = join(checkoutDir, '.rig', 'api');
  await rm(runDir, { recursive: true, force: true });
  const rig = await startRig({
    runDir,
    queues: [...QUEUES, ...API_QUEUES],
    topics: TOPICS,
    apps: [...appsOf(pipeline.contender, APP_IDS, pipeline.runtime, { events: 'on' }), ...apiApps],
    blobs: 'local',
    daprd: prepared.daprd.command,
  });
  try {
    session.setRig(rig);
    const blobs = BlobServiceClient.fromConnectionString(rig.blobConnectionString);
    await makeOutboxes(blobs);
    await blobs.getContainerClient(STATE_CONTAINER).createIfNotExists();
    console.log(howTo(rig.urls['app-orders-api'] ?? '', token));
    await untilStopped(session, rig);
    return 0;
  } finally {
    await rig.stop();
  }
}

/** What to type, in the order in which it tells a story. */
function howTo(url: string, token: string): string {
  const auth = `-H 'Authorization: Bearer ${token}'`;
  return `The Order API listens on ${url}; Ctrl-C ends it.

curl -i ${auth} -H 'Content-Type: application/json' -d '{"orderId":7,"delivery":"Express","firstName":"Ann"}' ${url}/orders
curl -i ${auth} ${url}/orders/7
curl -i ${auth} -H 'Accept: text/csv' ${url}/orders/7
curl -i ${auth} -H 'Content-Type: application/json' -H 'Idempotency-Key: "a-key-of-mine"' -d '{"delivery":"Standard"}' ${url}/orders
curl -i ${auth} '${url}/orders?limit=2'`;
}

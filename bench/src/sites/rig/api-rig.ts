import { BlobServiceClient } from '@azure/storage-blob';
import { APP_IDS } from '@order-bench/orders';
import { type Rig, type RigOptions, startRig } from '@order-bench/rig';
import { appsOf } from '../../contenders/apps.js';
import type { ReadyContender } from '../../contenders/build.js';
import { makeOutboxes } from '../../verify/blob-store.js';
import { API_QUEUES, TOPICS } from '../../workload/order-api.js';
import { QUEUES } from '../../workload/pipeline.js';

const API_CONTAINERS = ['orders-state'];

/** What a rig with an Order API is made of. */
export interface ApiRigOptions
  extends Pick<RigOptions, 'runDir' | 'daprd' | 'restartOnFailure' | 'lockDurationMs' | 'faults'> {
  readonly pipeline: ReadyContender;
  /** The Order API of the same flavour. */
  readonly api: ReadyContender;
  /** What callers send as their bearer token. */
  readonly token: string;
  /** Origins whose pages may call it. */
  readonly allowOrigin: readonly string[];
}

/** A running rig, and where its API listens. */
export interface ApiRig {
  readonly rig: Rig;
  readonly url: string;
}

/** Starts a contender's pipeline, which tells what is written, and the Order API in front of it and behind it. */
export async function startApiRig({ pipeline, api, token, allowOrigin, ...options }: ApiRigOptions): Promise<ApiRig> {
  const values = {
    ordersApiToken: token,
    allowedOrigins: allowOrigin.join(' '),
    // Partners are processes of this machine.
    webhooks: 'local',
  };
  const rig = await startRig({
    ...options,
    queues: [...QUEUES, ...API_QUEUES],
    topics: TOPICS,
    apps: [
      ...appsOf(pipeline.contender, APP_IDS, pipeline.runtime, { events: 'on' }),
      ...appsOf(api.contender, api.contender.appIds ?? [], api.runtime, values),
    ],
    blobs: 'local',
  });
  try {
    const blobs = BlobServiceClient.fromConnectionString(rig.blobConnectionString);
    await makeOutboxes(blobs);
    for (const name of API_CONTAINERS) await blobs.getContainerClient(name).createIfNotExists();
    return { rig, url: rig.urls['app-orders-api'] ?? '' };
  } catch (error) {
    await rig.stop();
    throw error;
  }
}

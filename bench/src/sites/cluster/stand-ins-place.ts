import { ServiceBusClient } from '@azure/service-bus';
import { BlobServiceClient } from '@azure/storage-blob';
import { BlobAdmin, BrokerAdmin, blobConnectionString, serviceBusConnectionString } from '@order-bench/rig';
import { queuedMessages } from '../../run/drain-watch.js';
import { UsageError } from '../../text/usage-error.js';
import { recordedStore } from '../../verify/blob-store.js';
import { whereLastSeen } from '../../verify/correctness.js';
import { OUTBOXES, type Pipeline } from '../../workload/pipeline.js';
import { placeClocks } from './clock-offset.js';
import type { Cluster, Pod } from './cluster.js';
import type { Place } from './place.js';

/** Ports of the pods, as deploy/stand-ins names them. */
const PORTS = { broker: [5672, 5673], blob: [10_000, 10_080] } as const;

/** A look asks two counters through a port that kubectl forwards: a few milliseconds of CPU, on whichever machines. */
const POLL_MS = 500;

/**
 * Broker and blob server inside the cluster (deploy/stand-ins), reached through ports that kubectl forwards.
 *
 * @param pipeline what the contender's orders travel by.
 * @throws UsageError where they are not installed, or more than once; PlaceFailed where kubectl fails.
 */
export async function openStandInsPlace(cluster: Cluster, { ingress, stops }: Pipeline): Promise<Place> {
  const pods = await cluster.standIns();
  const [broker, blob] = [onlyOne(pods, 'broker'), onlyOne(pods, 'blob')];
  const toBroker = await cluster.forward(broker, PORTS.broker);
  const toBlob = await cluster.forward(blob, PORTS.blob).catch((error: unknown) => {
    toBroker.close();
    throw error;
  });
  const [amqp = 0, brokerHttp = 0] = toBroker.ports;
  const [blobPort = 0, blobHttp = 0] = toBlob.ports;
  const connectBus = () => new ServiceBusClient(serviceBusConnectionString(amqp));
  const blobs = BlobServiceClient.fromConnectionString(blobConnectionString(blobPort));
  const admin = new BrokerAdmin(`http://127.0.0.1:${brokerHttp}`);
  const store = recordedStore({
    admin: new BlobAdmin(`http://127.0.0.1:${blobHttp}`),
    containers: OUTBOXES,
    read: (container, name) => blobs.getContainerClient(container).getBlobClient(name).downloadToBuffer(),
  });
  return {
    target: 'kubernetes',
    settings: { host: 'kubernetes', blobs: 'local' },
    pods,
    front: null,
    messages: queue => admin.messages(queue),
    blobs,
    store,
    pollMs: POLL_MS,
    failure: Promise.race([toBroker.lost, toBlob.lost]),
    connectBus,
    // They are there for nothing else.
    claim: async () => {},
    async clocks() {
      const bus = connectBus();
      try {
        return await placeClocks(bus, blobs);
      } finally {
        await bus.close();
      }
    },
    movingMessages: () => queuedMessages(admin, [ingress, ...stops]),
    async empty() {
      // All that there are: their counters are read as those of the run.
      const queues = await admin.queues();
      await Promise.all([...queues.map(({ name }) => admin.purge(name)), store.empty()]);
    },
    queues: () => admin.queues(),
    whereLastSeen: missing => whereLastSeen(admin, stops, missing),
    close: async () => {
      toBroker.close();
      toBlob.close();
    },
  };
}

function onlyOne(pods: readonly Pod[], name: keyof typeof PORTS): Pod {
  const [pod, ...others] = pods.filter(({ contender, isReady }) => contender === name && isReady);
  if (pod && others.length === 0) return pod;
  throw new UsageError(
    `there has to be one ready pod of the ${name} on the cluster of kubectl’s context, and there are ${pod ? others.length + 1 : 0}: install deploy/stand-ins once, as its README says`,
  );
}

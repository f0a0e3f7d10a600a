import type { ServiceBusClient } from '@azure/service-bus';
import type { BlobServiceClient, ContainerClient } from '@azure/storage-blob';
import { UsageError } from '../usage-error.js';
import { queueContents } from './queue-contents.js';

/** What a run is going to empty, and where. */
export interface OwnershipOptions {
  readonly bus: ServiceBusClient;
  readonly blobs: BlobServiceClient;
  readonly queues: readonly string[];
  readonly containers: readonly string[];
  /** `--force`: takes over what is not the bench's. */
  readonly force: boolean;
}

/** Holds the marks, beside the datasets. */
const MARKS_CONTAINER = 'testdata';

/**
 * Refuses to go on where a run would empty a queue or a container that is not the bench's. The bench's own is what it
 * found empty once: it then leaves a mark, a blob named `bench-owns/<host>/<name>` in the container `testdata`, because a
 * queue can't be marked with data rights. What is neither empty nor marked belongs to somebody else.
 *
 * @throws UsageError naming everything that is in the way; nothing was emptied and nothing newly marked then.
 */
export async function claim({ bus, blobs, queues, containers, force }: OwnershipOptions): Promise<void> {
  const marks = blobs.getContainerClient(MARKS_CONTAINER);
  await marks.createIfNotExists();
  const busHost = bus.fullyQualifiedNamespace;
  const blobHost = new URL(blobs.url).host;
  const claims = [
    ...queues.map(queue => ({
      what: `the queue ${queue} of ${busHost}`,
      mark: markOf(busHost, queue),
      isEmpty: () => isQueueEmpty(bus, queue),
    })),
    ...containers.map(container => ({
      what: `the container ${container} of ${blobHost}`,
      mark: markOf(blobHost, container),
      isEmpty: () => isContainerEmpty(blobs.getContainerClient(container)),
    })),
  ];
  const unmarked = (
    await Promise.all(claims.map(async each => ((await marks.getBlobClient(each.mark).exists()) ? [] : [each])))
  ).flat();
  const foreign = force
    ? []
    : (await Promise.all(unmarked.map(async each => ((await each.isEmpty()) ? [] : [each.what])))).flat();
  if (foreign.length > 0) {
    throw new UsageError(
      `a run would empty ${foreign.join(', ')}, which the bench did not fill: look what is in there, and empty it by hand or add --force`,
    );
  }
  await Promise.all(unmarked.map(({ mark }) => marks.getBlockBlobClient(mark).upload('', 0)));
}

function markOf(host: string, name: string): string {
  return `bench-owns/${host}/${name}`;
}

async function isQueueEmpty(bus: ServiceBusClient, queue: string): Promise<boolean> {
  const contents = (['live', 'dead'] as const).map(kind => queueContents(bus, queue, kind));
  try {
    const found = await Promise.all(contents.map(each => each.peek(1)));
    return found.every(({ length }) => length === 0);
  } finally {
    await Promise.all(contents.map(each => each.close()));
  }
}

async function isContainerEmpty(container: ContainerClient): Promise<boolean> {
  if (!(await container.exists())) return true;
  const { value } = await container.listBlobsFlat().next();
  return value === undefined;
}

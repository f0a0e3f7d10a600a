import type { ServiceBusClient, ServiceBusReceivedMessage } from '@azure/service-bus';
import type { BlobServiceClient, ContainerClient } from '@azure/storage-blob';
import { UsageError } from '../../text/usage-error.js';
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
 * queue can't be marked with data rights. What is neither empty nor marked belongs to somebody else, and so does what is
 * marked and holds, among the first messages or in the container, a name that no run gives.
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
      stranger: () => strangeMessage(bus, queue),
    })),
    ...containers.map(container => ({
      what: `the container ${container} of ${blobHost}`,
      mark: markOf(blobHost, container),
      isEmpty: () => isContainerEmpty(blobs.getContainerClient(container)),
      stranger: () => strangeBlob(blobs.getContainerClient(container)),
    })),
  ];
  const looked = await Promise.all(
    claims.map(async each => ({ ...each, isMarked: await marks.getBlobClient(each.mark).exists() })),
  );
  const inTheWay = async ({ what, isMarked, isEmpty, stranger }: (typeof looked)[number]): Promise<string[]> => {
    if (!isMarked) return (await isEmpty()) ? [] : [what];
    const found = await stranger();
    return found === undefined ? [] : [`${what} (with ${found} in it)`];
  };
  const foreign = force ? [] : (await Promise.all(looked.map(inTheWay))).flat();
  if (foreign.length > 0) {
    throw new UsageError(
      `a run would empty ${foreign.join(', ')}, which the bench did not fill: look what is in there, and empty it by hand or add --force`,
    );
  }
  const unmarked = looked.filter(({ isMarked }) => !isMarked);
  await Promise.all(unmarked.map(({ mark }) => marks.getBlockBlobClient(mark).upload('', 0)));
}

function markOf(host: string, name: string): string {
  return `bench-owns/${host}/${name}`;
}

/** How far into a marked queue, and into its dead letters, a look goes. */
const PEEKED = 250;
/** The ids of orders, of the generator's malformed messages, and of what reads the queue's clock. */
const OWN_MESSAGE = /^(\d+|malformed-\d+|clock)$/;
/** The ids of orders, and what reads the store's clock. */
const OWN_BLOB = /^(\d+|clock-[0-9a-f-]{36})$/;

async function isQueueEmpty(bus: ServiceBusClient, queue: string): Promise<boolean> {
  return (await firstMessages(bus, queue, 1)).length === 0;
}

async function strangeMessage(bus: ServiceBusClient, queue: string): Promise<string | undefined> {
  const ids = (await firstMessages(bus, queue, PEEKED)).map(({ messageId }) => String(messageId ?? ''));
  const strange = ids.find(id => !OWN_MESSAGE.test(id));
  return strange === undefined ? undefined : `the message '${strange}'`;
}

/** Of the queue, and of its dead letters. */
async function firstMessages(
  bus: ServiceBusClient,
  queue: string,
  count: number,
): Promise<ServiceBusReceivedMessage[]> {
  const contents = (['live', 'dead'] as const).map(kind => queueContents(bus, queue, kind));
  try {
    return (await Promise.all(contents.map(each => each.peek(count)))).flat();
  } finally {
    await Promise.all(contents.map(each => each.close()));
  }
}

async function strangeBlob(container: ContainerClient): Promise<string | undefined> {
  if (!(await container.exists())) return undefined;
  for await (const { name } of container.listBlobsFlat()) {
    if (!OWN_BLOB.test(name)) return `the blob '${name}'`;
  }
  return undefined;
}

async function isContainerEmpty(container: ContainerClient): Promise<boolean> {
  if (!(await container.exists())) return true;
  const { value } = await container.listBlobsFlat().next();
  return value === undefined;
}

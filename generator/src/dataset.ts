import { type BlobServiceClient, type ContainerClient, RestError } from '@azure/storage-blob';
import type { Delivery, OrderMessage } from './order-message.js';
import { DEFAULT_EXPRESS_SHARE, makeOrders } from './orders.js';

/** A dataset that is in the store. */
export interface StoredDataset {
  readonly name: string;
  readonly sizeBytes: number;
  /** It was there before, made from the same options, and was left as it is. */
  readonly reused: boolean;
}

/** A dataset that was loaded. */
export interface Dataset {
  readonly name: string;
  readonly expressShare: number;
  readonly orders: readonly OrderMessage[];
}

/** No dataset of that count and seed has been stored. */
export class DatasetMissing extends Error {
  override readonly name = 'DatasetMissing';
}

/** The blob that holds the dataset of `count` orders made from `seed`. */
export function datasetName({ count, seed }: { count: number; seed: number }): string {
  return `orders-${count}-${seed}`;
}

/**
 * Makes a dataset and stores it as one blob in the container `testdata`, one order a line; the container is made
 * where it is missing. A blob made from the same options by the same version is left alone, any other is replaced.
 *
 * @throws RangeError for options out of range, RestError when the store refuses.
 */
export async function storeDataset(options: {
  blobs: BlobServiceClient;
  count: number;
  seed: number;
  expressShare?: number;
  payloadBytes?: number | undefined;
}): Promise<StoredDataset> {
  const { blobs, count, seed, expressShare = DEFAULT_EXPRESS_SHARE, payloadBytes } = options;
  const name = datasetName(options);
  const metadata = {
    count: String(count),
    seed: String(seed),
    expressshare: String(expressShare),
    payloadbytes: payloadBytes === undefined ? 'any' : String(payloadBytes),
    generatorversion: GENERATOR_VERSION,
  };
  const container = blobs.getContainerClient(CONTAINER);
  await container.createIfNotExists();
  const stored = await propertiesOf(container, name);
  if (stored && Object.entries(metadata).every(([key, value]) => stored.metadata?.[key] === value)) {
    return { name, sizeBytes: stored.contentLength ?? 0, reused: true };
  }
  const lines = Buffer.concat(
    makeOrders({ count, seed, expressShare, payloadBytes }).flatMap(order => [order.body, NEWLINE]),
  );
  const blobHTTPHeaders = { blobContentType: 'application/x-ndjson' };
  await container.getBlockBlobClient(name).uploadData(lines, { metadata, blobHTTPHeaders });
  return { name, sizeBytes: lines.length, reused: false };
}

/**
 * Loads a stored dataset. An order's body is its line's bytes, untouched.
 *
 * @throws DatasetMissing when it was never stored, Error when the blob is not what its metadata says.
 */
export async function loadDataset(options: {
  blobs: BlobServiceClient;
  count: number;
  seed: number;
}): Promise<Dataset> {
  const container = options.blobs.getContainerClient(CONTAINER);
  const name = datasetName(options);
  const stored = await propertiesOf(container, name);
  if (!stored) {
    throw new DatasetMissing(
      `there is no dataset ${CONTAINER}/${name}: make it with node_modules/.bin/order-generator generate --count ${options.count} --seed ${options.seed}`,
    );
  }
  const orders = readLines(await container.getBlobClient(name).downloadToBuffer(), name);
  if (orders.length !== options.count) {
    throw new Error(
      `the dataset ${CONTAINER}/${name} holds ${orders.length} orders: delete the blob and generate it again`,
    );
  }
  return { name, expressShare: Number(stored.metadata?.expressshare), orders };
}

const CONTAINER = 'testdata';
const NEWLINE = Buffer.from('\n');

/** To be raised whenever the same options give other bytes, as a new version of faker may make them. */
const GENERATOR_VERSION = '1';

async function propertiesOf(container: ContainerClient, name: string) {
  try {
    return await container.getBlobClient(name).getProperties();
  } catch (error) {
    if (error instanceof RestError && error.statusCode === 404) return undefined;
    throw error;
  }
}

function readLines(lines: Buffer, name: string): OrderMessage[] {
  const orders: OrderMessage[] = [];
  let start = 0;
  for (let end = lines.indexOf(NEWLINE); end >= 0; end = lines.indexOf(NEWLINE, start)) {
    const body = lines.subarray(start, end);
    orders.push({ ...readIdentity(body, `${CONTAINER}/${name} line ${orders.length + 1}`), body });
    start = end + 1;
  }
  return orders;
}

function readIdentity(body: Buffer, where: string): Omit<OrderMessage, 'body'> {
  try {
    const { orderId, delivery } = JSON.parse(body.toString()) as { orderId: number; delivery: Delivery };
    return { orderId, delivery, messageId: String(orderId) };
  } catch (cause) {
    throw new Error(`${where} is not JSON: delete the blob and generate it again`, { cause });
  }
}

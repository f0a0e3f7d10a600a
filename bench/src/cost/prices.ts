import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { faultsIn, filled, POSITIVE, TEXT } from '../text/shape.js';
import { UsageError } from '../text/usage-error.js';

/** The version of the shape of a file with prices. */
export const PRICES_SCHEMA_VERSION = 1;

const URL_TEXT = v.pipe(v.string(), v.regex(/^https?:\/\//));

const PRICE = v.strictObject({
  amount: v.pipe(v.number(), v.gtValue(0)),
  /** What the price list calls it. */
  product: TEXT,
  meter: TEXT,
  /** The day on which the source said so. */
  asOf: v.pipe(v.string(), v.regex(/^\d{4}-\d\d-\d\d$/)),
  /** Where it was read. */
  source: URL_TEXT,
});

/** One figure of a price list. */
export interface Price extends v.InferOutput<typeof PRICE> {}

const NODE_PRICE = v.strictObject({
  size: TEXT,
  architecture: v.picklist(['amd64', 'arm64']),
  vcpus: POSITIVE,
  vcpusSource: URL_TEXT,
  hour: PRICE,
});

/** A node with Linux for an hour. */
export interface NodePrice<A extends Architecture = Architecture> extends v.InferOutput<typeof NODE_PRICE> {
  /** In the type too: the cost of runs is computed with a node of the architecture that they ran on, and no other. */
  readonly architecture: A;
}

/** The shape of a file with prices. */
export const PRICES = v.strictObject({
  schemaVersion: v.literal(PRICES_SCHEMA_VERSION),
  /** True for figures that only show the calculation; whoever prints a cost from them says so. */
  example: v.boolean(),
  note: v.exactOptional(TEXT),
  /** As Azure names it: `westeurope`. */
  region: v.pipe(v.string(), v.regex(/^[a-z0-9]+$/)),
  /** ISO 4217. */
  currency: v.pipe(v.string(), v.regex(/^[A-Z]{3}$/)),
  /** Of each architecture the preferred one first. */
  nodes: filled(NODE_PRICE),
  /** A messaging unit of Service Bus Premium for an hour. */
  serviceBusUnitHour: PRICE,
  /** 10,000 writes of block blobs: general purpose v2, hot, locally redundant. */
  blobWrites10k: PRICE,
});

/** Retail prices of one region, pay as you go. */
export interface Prices extends v.InferOutput<typeof PRICES> {}

/**
 * Reads a file with prices.
 *
 * @throws UsageError when there is none, or it does not fit its shape.
 */
export async function readPrices(path: string): Promise<Prices> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new UsageError(`${path} can't be read as prices (${(cause as Error).message}): write it with make prices`, {
      cause,
    });
  }
  return checkedPrices(value, path);
}

/**
 * The value as prices.
 *
 * @param name where it is from, for messages.
 * @throws UsageError when it does not fit its shape.
 */
export function checkedPrices(value: unknown, name: string): Prices {
  const faults = faultsIn(PRICES, value);
  if (faults.length > 0) {
    throw new UsageError(
      `${name} is no file of prices (node_modules/.bin/bench schema prices): ${faults.join('; ')}. Write it anew with make prices`,
    );
  }
  return value as Prices;
}

/** The first node of an architecture in the file, whose order is the preference; null where there is none. */
export function nodeOf<A extends Architecture>(prices: Prices, architecture: A): NodePrice<A> | null {
  return prices.nodes.find((node): node is NodePrice<A> => node.architecture === architecture) ?? null;
}

/** What one vCPU of a node costs in an hour. */
export function vcpuHour({ hour, vcpus }: NodePrice): number {
  return hour.amount / vcpus;
}

/** A processor architecture, as images and node pools name it. */
export type Architecture = 'amd64' | 'arm64';

/** A size of virtual machine, as a Kubernetes node. */
export interface NodeSize {
  /** As Azure names it: `Standard_D2pds_v5`. */
  readonly size: string;
  readonly architecture: Architecture;
  readonly vcpus: number;
  /** The page of Azure's documentation that says so; the price list knows no number of vCPUs. */
  readonly vcpusSource: string;
}

/**
 * The sizes whose prices `bench prices` reads, in the order in which a cost prefers them: those of deploy/infra's pools
 * (with a local disk) in their smallest size first.
 */
export const NODE_SIZES: readonly NodeSize[] = [
  nodeSize('Standard_D2pds_v5', 'arm64', 2),
  nodeSize('Standard_D4pds_v5', 'arm64', 4),
  nodeSize('Standard_D2ds_v5', 'amd64', 2),
  nodeSize('Standard_D4ds_v5', 'amd64', 4),
  nodeSize('Standard_D2s_v5', 'amd64', 2),
];

/** The architecture in a result's `environment.os` (`Linux x64`), or null for one that no node here has. */
export function architectureOf(os: string): Architecture | null {
  const arch = os.split(' ').at(-1);
  return arch === 'x64' ? 'amd64' : arch === 'arm64' ? 'arm64' : null;
}

function nodeSize(size: string, architecture: Architecture, vcpus: number): NodeSize {
  const series = size.replace(/^Standard_D\d+([a-z]*)_(v\d+)$/, 'd$1$2-series');
  const pages = 'https://learn.microsoft.com/en-us/azure/virtual-machines/sizes/general-purpose';
  return { size, architecture, vcpus, vcpusSource: `${pages}/${series}` };
}

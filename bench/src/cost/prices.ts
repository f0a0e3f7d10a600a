import { readFile } from 'node:fs/promises';
import { schemaValidator } from '../schema.js';
import { UsageError } from '../usage-error.js';
import type { Architecture, NodeSize } from './node-sizes.js';

/** The version of the shape of a file with prices; see bench/schemas/prices.schema.json. */
export const PRICES_SCHEMA_VERSION = 1;

/** Retail prices of one region, pay as you go. */
export interface Prices {
  readonly schemaVersion: typeof PRICES_SCHEMA_VERSION;
  /** True for figures that only show the calculation; whoever prints a cost from them says so. */
  readonly example: boolean;
  readonly note?: string;
  /** As Azure names it: `westeurope`. */
  readonly region: string;
  /** ISO 4217. */
  readonly currency: string;
  /** Of each architecture the preferred one first. */
  readonly nodes: readonly NodePrice[];
  /** A messaging unit of Service Bus Premium for an hour. */
  readonly serviceBusUnitHour: Price;
  /** 10,000 writes of block blobs: general purpose v2, hot, locally redundant. */
  readonly blobWrites10k: Price;
}

/** A node with Linux for an hour. */
export interface NodePrice<A extends Architecture = Architecture> extends NodeSize {
  /** In the type too: the cost of runs is computed with a node of the architecture that they ran on, and no other. */
  readonly architecture: A;
  readonly hour: Price;
}

/** One figure of a price list. */
export interface Price {
  readonly amount: number;
  /** What the price list calls it. */
  readonly product: string;
  readonly meter: string;
  /** YYYY-MM-DD: the day on which the source said so. */
  readonly asOf: string;
  /** Where it was read. */
  readonly source: string;
}

/**
 * Reads a file with prices.
 *
 * @throws UsageError when there is none, or it does not fit the schema.
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
 * @throws UsageError when it does not fit the schema.
 */
export function checkedPrices(value: unknown, name: string): Prices {
  const faults = faultsOf(value);
  if (faults.length > 0) {
    throw new UsageError(
      `${name} does not fit bench/schemas/prices.schema.json: ${faults.join('; ')}. Write it anew with make prices`,
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

const faultsOf = schemaValidator('prices.schema.json');

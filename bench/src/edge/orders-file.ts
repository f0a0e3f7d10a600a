import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeOrders } from '@order-bench/generator';
import type { AppId } from '@order-bench/orders';

/** Enough that none is met twice in a second, and few enough for a ConfigMap (1 MiB). */
const ORDER_COUNT = 1_000;

/**
 * Writes the seeded orders that a role gets as a JSON array of their texts, which is what the scripts read: all of them for
 * the distributor, those of its route for a receiver.
 *
 * @returns the file's path.
 */
export async function writeOrdersFile(options: { dir: string; seed: number; role: AppId }): Promise<string> {
  const { dir, seed, role } = options;
  const orders = makeOrders({ count: ORDER_COUNT, seed }).filter(
    ({ delivery }) => role === 'distributor' || role === `receiver-${delivery.toLowerCase()}`,
  );
  const file = join(dir, `orders-${role}.json`);
  await mkdir(dir, { recursive: true });
  await writeFile(file, JSON.stringify(orders.map(({ body }) => body.toString())));
  return file;
}

import type { CostRow, CostTable } from '../cost/costs-per-million-orders.js';
import { listed } from '../text/format.js';
import type { Side } from './sides.js';

/** What both sides cost, and what of it any app would; none where one of them has no cost. */
export function billText(sides: readonly Side[], costs: CostTable | null): string[] {
  const rows = sides.map(side => cheapest(side, costs));
  if (costs === null || rows.some(row => row === null)) return [];
  const texts = rows.map((row, index) => `${money(row?.total, costs)} with ${sides[index]?.title}`);
  const writes = [...new Set(rows.map(row => money(writesOf(row), costs)))];
  return [
    `The bill: 1,000,000 orders cost ${listed(texts)}, of which blob writes are ${listed(writes)}${costs.example ? ', at example prices' : ''}.`,
  ];
}

/** A side's contender with the least cost; null where none has one. */
export function cheapest({ contenders }: Side, costs: CostTable | null): CostRow | null {
  const own = (costs?.rows ?? []).filter(({ contender }) => contenders.includes(contender));
  return own.toSorted((a, b) => a.total - b.total)[0] ?? null;
}

/** What of a cost are blob writes, which every app has. */
export function writesOf(row: CostRow | null): number | undefined {
  return row?.terms.find(({ id }) => id === 'blob-writes')?.cost;
}

/** `5.99 USD`. */
export function money(amount: number | undefined, { currency }: CostTable): string {
  return `${(amount ?? 0).toFixed(2)} ${currency}`;
}

import type { Price, Prices } from '../src/cost/prices.js';

const price: Price = {
  amount: 1,
  product: 'made up',
  meter: 'made up',
  asOf: '2026-01-02',
  source: 'https://example.com',
};
const node = { vcpusSource: 'https://example.com', vcpus: 2 };

/** Made-up round prices, for tests: 0.10 and 0.09 for a vCPU hour, 1 for a unit hour, 0.05 for 10,000 writes. */
export const ROUND_PRICES: Prices = {
  schemaVersion: 1,
  example: true,
  region: 'nowhere',
  currency: 'USD',
  nodes: [
    { ...node, size: 'arm-2', architecture: 'arm64', hour: { ...price, amount: 0.18 } },
    { ...node, size: 'amd-2', architecture: 'amd64', hour: { ...price, amount: 0.2 } },
  ],
  serviceBusUnitHour: price,
  blobWrites10k: { ...price, amount: 0.05 },
};

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkoutDir } from '@order-bench/rig';
import { describe, expect, it } from 'vitest';
import { ROUND_PRICES } from '../../test-kit/example-prices.js';
import { UsageError } from '../text/usage-error.js';
import { architectureOf, checkedPrices, NODE_SIZES, nodeOf, readPrices, vcpuHour } from './prices.js';

const EXAMPLE = join(checkoutDir, 'bench', 'prices', 'example-prices.json');

describe('prices', () => {
  it('in the example file fit the schema, are marked as such, and each has a date and a source', async () => {
    const prices = await readPrices(EXAMPLE);
    expect(prices.example).toBe(true);
    const all = [...prices.nodes.map(({ hour }) => hour), prices.serviceBusUnitHour, prices.blobWrites10k];
    for (const { asOf, source } of all) {
      expect(asOf).toMatch(/^2026-/);
      expect(source).toMatch(/^https:\/\/.*[0-9a-f]{40}/);
    }
  });

  it('in the example file have vCPUs as the documentation of the node sizes has them', async () => {
    for (const { hour, ...node } of (await readPrices(EXAMPLE)).nodes) expect(NODE_SIZES).toContainEqual(node);
  });

  it('are refused without a source, or by the path of a file that is none', async () => {
    const { source, ...unsourced } = ROUND_PRICES.blobWrites10k;
    expect(() => checkedPrices({ ...ROUND_PRICES, blobWrites10k: unsourced }, 'p.json')).toThrow(
      /p\.json is no file of prices .*blobWrites10k\.source is missing.*make prices/,
    );
    const dir = await mkdtemp(join(tmpdir(), 'prices-'));
    try {
      await writeFile(join(dir, 'p.json'), (await readFile(EXAMPLE, 'utf8')).slice(0, 90));
      await expect(readPrices(join(dir, 'p.json'))).rejects.toThrow(UsageError);
      await expect(readPrices(join(dir, 'none.json'))).rejects.toThrow(/none\.json can't be read as prices/);
    } finally {
      await rm(dir, { recursive: true });
    }
  });
});

describe('a node', () => {
  it('is the first of its architecture, and none where there is none', () => {
    expect(nodeOf(ROUND_PRICES, 'arm64')?.size).toBe('arm-2');
    expect(nodeOf({ ...ROUND_PRICES, nodes: [] }, 'arm64')).toBeNull();
  });

  it('has a price a vCPU', () => {
    expect(ROUND_PRICES.nodes.map(vcpuHour)).toEqual([0.09, 0.1]);
  });

  it('is of the architecture that a result’s operating system names', () => {
    expect(['Linux x64', 'Darwin arm64', 'Linux riscv64'].map(architectureOf)).toEqual(['amd64', 'arm64', null]);
  });
});

import { describe, expect, it } from 'vitest';
import { ROUND_PRICES } from '../../test-kit/example-prices.js';
import { exampleResult } from '../../test-kit/example-result.js';
import { claimedRows, claimTakenApart } from './claim.js';
import { claimText, costText, sourcesText } from './cost-text.js';
import { costsPerMillionOrders } from './costs-per-million-orders.js';

const scaled = (contender: string, factor: number, os = 'Linux x64') => {
  const { processes, environment } = exampleResult();
  return exampleResult({
    contender,
    processes: processes.map(process => ({ ...process, cpuMs: process.cpuMs * factor })),
    environment: { ...environment, os },
  });
};
const tableOf = (...results: ReturnType<typeof exampleResult>[]) =>
  costsPerMillionOrders({ results, prices: ROUND_PRICES });
const rowOf = (result: ReturnType<typeof exampleResult>) => tableOf(result).rows[0] ?? null;
const express = rowOf(scaled('express', 1));
const apart = (spin: ReturnType<typeof rowOf>) => claimTakenApart({ prices: ROUND_PRICES, spin, express });

describe('the claim of 60 %', () => {
  it('is the number of vCPUs times the price of one, in its own figures', () => {
    const { parts } = apart(null);
    const factors = Object.fromEntries(parts.map(({ id, claimed }) => [id, claimed]));
    expect(factors).toEqual({ vcpus: 0.5, 'price-a-vcpu': 0.8, runtime: null });
  });

  it('has a price list’s factor and a measured one beside it, and says which is which', () => {
    const { parts } = apart(rowOf(scaled('spin', 0.75)));
    expect(parts.map(({ id, here, basis }) => [id, here, basis])).toEqual([
      ['vcpus', null, 'not measured'],
      ['price-a-vcpu', expect.closeTo(0.9), 'price list'],
      ['runtime', expect.closeTo(0.75), 'measured here'],
    ]);
    expect(parts[2]?.text).toContain('both on amd64 (results 0123abcd, 0123abcd)');
  });

  it('concludes from the runtime what it bears, and nothing for the other architecture', () => {
    const last = 'so there is no total of our own';
    expect(apart(rowOf(scaled('spin', 0.75))).conclusions.join('\n')).toMatch(
      /0\.75 times the app CPU per order: .*does not halve/,
    );
    expect(apart(rowOf(scaled('spin', 1.5))).conclusions.join('\n')).toMatch(
      /1\.50 times the app CPU per order: .*does not halve/,
    );
    expect(apart(rowOf(scaled('spin', 0.4))).conclusions.join('\n')).toMatch(
      /0\.40 times the app CPU per order: .*is enough/,
    );
    expect(apart(null).conclusions.join('\n')).not.toContain('Measured here');
    expect(apart(null).conclusions.at(-1)).toContain(last);
  });

  it('is about Spin and Express, and a figure of the stand-in is none of Spin', () => {
    const onSpin = {
      ...scaled('spin-ts@spin-3.6', 2),
      runtime: { name: 'spin-3.6', kind: 'spin', version: '3.6.3' },
    } as const;
    const standIn = {
      ...scaled('spin-ts (stand-in)', 1),
      runtime: { name: 'stand-in', kind: 'stand-in', version: '0.1.0' },
    } as const;
    const namesOf = (...results: Parameters<typeof claimedRows>[1][number][]) => {
      const { spin, express: node } = claimedRows(costsPerMillionOrders({ results, prices: ROUND_PRICES }), results);
      return [spin?.contender, node?.contender];
    };
    expect(namesOf(standIn, onSpin, scaled('express-ts', 1))).toEqual(['spin-ts@spin-3.6', 'express-ts']);
    expect(namesOf(standIn)).toEqual([undefined, undefined]);
  });

  it('has no measured runtime across two architectures', () => {
    const runtime = apart(rowOf(scaled('spin', 1, 'Linux arm64'))).parts.find(({ id }) => id === 'runtime');
    expect(runtime).toMatchObject({ here: null, basis: 'not measured' });
  });

  it('has no price factor where a price list lacks one of the architectures', () => {
    const prices = { ...ROUND_PRICES, nodes: ROUND_PRICES.nodes.slice(0, 1) };
    const price = claimTakenApart({ prices, spin: null, express }).parts.find(({ id }) => id === 'price-a-vcpu');
    expect(price).toMatchObject({ here: null, basis: 'not measured' });
  });
});

describe('as text', () => {
  it('a cost shows every term with its numbers, its results, and that prices are an example', () => {
    const text = costText(tableOf(scaled('spin', 1), scaled('cold', 1)));
    expect(text).toContain('EXAMPLE PRICES');
    expect(text).toMatch(/spin +the app's CPU +3 ms x 10\^6 \/ 3\.6x10\^6 \/ 0\.7 +=/);
    expect(text).toContain('1 x 10^6 / (0.7 x 200 orders/s) / 3600');
    expect(text).toContain('spin: results 0123abcd');
    expect(costText({ ...tableOf(scaled('spin', 1)), example: false })).not.toContain('EXAMPLE');
  });

  it('a cost names who is left out, even where nobody is left', () => {
    expect(costText(tableOf(exampleResult({ mode: 'cold' })))).toContain(
      'made-up: no cost, no complete and correct burst',
    );
  });

  it('prices name their sources, and a claim its own', () => {
    expect(sourcesText(ROUND_PRICES)).toMatch(/arm-2, arm64, 2 vCPUs, 1 h: 0\.18 USD .*as of 2026-01-02\) https:/);
    const text = claimText(apart(null));
    expect(text).toContain('https://github.com/ZEISS/enterprise-wasm');
    expect(text).toMatch(/number of vCPUs +0\.50 +- +not measured/);
  });
});

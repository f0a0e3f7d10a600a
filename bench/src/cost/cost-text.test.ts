import { expect, it } from 'vitest';
import { ROUND_PRICES } from '../../test-kit/example-prices.js';
import { exampleResult } from '../../test-kit/example-result.js';
import { costText, sourcesText } from './cost-text.js';
import { costsPerMillionOrders } from './costs-per-million-orders.js';

const tableOf = (result: ReturnType<typeof exampleResult>) =>
  costsPerMillionOrders({ results: [result], prices: ROUND_PRICES });

it('a cost shows every term with its numbers, its results, and that prices are an example', () => {
  const text = costText(tableOf(exampleResult({ contender: 'spin' })));
  expect(text).toContain('EXAMPLE PRICES');
  expect(text).toMatch(/spin +the app's CPU +3 ms x 10\^6 \/ 3\.6x10\^6 \/ 0\.7 +=/);
  expect(text).toContain('1 x 10^6 / (0.7 x 200 orders/s) / 3600');
  expect(text).toContain('spin: results 0123abcd');
  expect(costText({ ...tableOf(exampleResult()), example: false })).not.toContain('EXAMPLE');
});

it('a cost names who is left out, even where nobody is left', () => {
  expect(costText(tableOf(exampleResult({ mode: 'cold' })))).toContain(
    'made-up: no cost, no complete and correct burst',
  );
});

it('prices name their sources', () => {
  expect(sourcesText(ROUND_PRICES)).toMatch(/arm-2, arm64, 2 vCPUs, 1 h: 0\.18 USD .*as of 2026-01-02\) https:/);
});

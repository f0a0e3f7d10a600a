import { expect, it } from 'vitest';
import { NODE_SIZES } from './prices.js';
import { fetchPrices } from './retail-prices.js';

type Item = Readonly<Record<string, string | number>>;

const machine = (fields: Item): Item => ({
  ...{ productName: 'Virtual Machines Series', meterName: 'D', unitOfMeasure: '1 Hour', tierMinimumUnits: 0 },
  ...fields,
});
/** What the list has under one size's name. */
const machines = [
  machine({ retailPrice: 0.02, meterName: 'D Spot' }),
  machine({ retailPrice: 0.03, meterName: 'D Low Priority' }),
  machine({ retailPrice: 0.4, productName: 'Virtual Machines Series Windows' }),
  machine({ retailPrice: 0.3, productName: 'Series Cloud Services' }),
  machine({ retailPrice: 0.2 }),
];
const unit = machine({ retailPrice: 0.9, meterName: 'Premium Messaging Unit', unitOfMeasure: '1/Hour' });
const writes = machine({ retailPrice: 0.05, meterName: 'Hot LRS Write Operations', unitOfMeasure: '10K' });

interface FakeList {
  readonly units?: readonly Item[];
  /** The size that is not sold. */
  readonly without?: string;
  readonly more?: object;
}

/** Answers as documented; what was asked for is in `asked`. */
function pricesOf({ units = [unit], without = 'none', more = {} }: FakeList = {}, asked: string[] = []) {
  const readJson = async (url: string) => {
    const filter = new URL(url).searchParams.get('$filter') ?? '';
    asked.push(filter);
    const items = filter.includes('Messaging') ? units : filter.includes('Write') ? [writes, cheaper] : machines;
    return { BillingCurrency: 'USD', Items: filter.includes(without) ? [] : items, NextPageLink: null, ...more };
  };
  return fetchPrices({ region: 'westeurope', currency: 'USD', today: '2026-01-02', readJson });
}
const cheaper = { ...writes, tierMinimumUnits: 1000, retailPrice: 0.01 };

it('finds Linux pay as you go among all that is sold under one name, and the first step of a price', async () => {
  const { prices, missingSizes } = await pricesOf();
  expect(prices.nodes.map(({ size, hour }) => [size, hour.amount])).toEqual(NODE_SIZES.map(({ size }) => [size, 0.2]));
  expect(missingSizes).toEqual([]);
  expect(prices).toMatchObject({
    example: false,
    serviceBusUnitHour: { amount: 0.9, meter: 'Premium Messaging Unit', asOf: '2026-01-02' },
    blobWrites10k: { amount: 0.05 },
  });
});

it('asks for the region and consumption, as documented', async () => {
  const asked: string[] = [];
  await pricesOf({}, asked);
  expect(asked[0]).toBe(
    "serviceName eq 'Virtual Machines' and armSkuName eq 'Standard_D2pds_v5' and armRegionName eq 'westeurope' and priceType eq 'Consumption'",
  );
});

it('names sizes that the region does not sell', async () => {
  expect((await pricesOf({ without: 'Standard_D2pds_v5' })).missingSizes).toEqual(['Standard_D2pds_v5']);
});

it.each([
  ['a price is missing', { units: [] }, 'lacks node sizes, messaging units or blob writes in westeurope'],
  ['it has another unit', { units: [{ ...unit, unitOfMeasure: '1/Day' }] }, 'tells no one price in USD for 1/Hour'],
  ['there are two', { units: [unit, { ...unit, retailPrice: 1.1 }] }, 'tells no one price'],
  ['it is in another currency', { more: { BillingCurrency: 'EUR' } }, 'tells no one price'],
  ['the answer goes on', { more: { NextPageLink: 'https://example.com' } }, 'tells no one price'],
  ['the answer has another shape', { more: { Items: [{ price: 1 }] } }, 'does not answer as documented'],
])('is a clear error where %s', async (_what, list, message) => {
  await expect(pricesOf(list)).rejects.toThrow(message);
});

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { UsageError } from '../text/usage-error.js';
import { NODE_SIZES } from './node-sizes.js';
import { fetchPrices } from './retail-prices.js';

type Item = Readonly<Record<string, string | number | boolean>>;

/** Fields as the price list has them; see its documentation, named in retail-prices.ts. */
const item = (fields: Item): Item => ({
  currencyCode: 'USD',
  tierMinimumUnits: 0,
  unitPrice: fields.retailPrice ?? 0,
  armRegionName: 'westeurope',
  location: 'EU West',
  effectiveStartDate: '2022-09-01T00:00:00Z',
  meterId: '00000000-0000-0000-0000-000000000000',
  productId: 'DZH000000000',
  skuId: 'DZH000000000/0000',
  serviceId: 'DZH000000001',
  serviceFamily: 'Compute',
  type: 'Consumption',
  isPrimaryMeterRegion: true,
  armSkuName: '',
  ...fields,
});

const machine = (size: string, fields: Item) => {
  const name = size.replace('Standard_', '').replace('_', ' ');
  return item({
    serviceName: 'Virtual Machines',
    armSkuName: size,
    skuName: size,
    meterName: name,
    productName: 'Virtual Machines Series',
    unitOfMeasure: '1 Hour',
    ...fields,
  });
};

/** What the list has under one size's name: the price wanted is 0.1 a vCPU. */
const machines = NODE_SIZES.flatMap(({ size, vcpus }) => [
  machine(size, { retailPrice: 0.02, skuName: `${size} Spot`, meterName: 'x Spot' }),
  machine(size, { retailPrice: 0.03, meterName: 'x Low Priority' }),
  machine(size, { retailPrice: 0.2 * vcpus, productName: 'Virtual Machines Series Windows' }),
  machine(size, { retailPrice: 0.11 * vcpus, productName: 'Series Cloud Services' }),
  machine(size, { retailPrice: 0.1 * vcpus }),
]);
const unit = item({
  retailPrice: 0.9,
  serviceName: 'Service Bus',
  productName: 'Service Bus',
  skuName: 'Premium',
  meterName: 'Premium Messaging Unit',
  unitOfMeasure: '1/Hour',
  isPrimaryMeterRegion: false,
});
const writes = item({
  retailPrice: 0.05,
  serviceName: 'Storage',
  productName: 'General Block Blob v2',
  skuName: 'Hot LRS',
  meterName: 'Hot LRS Write Operations',
  unitOfMeasure: '10K',
});
const otherWrites: Item = { ...writes, productName: 'Files v2', retailPrice: 0.07 };
const everything = [...machines, unit, otherWrites, writes];

interface FakeList {
  readonly items?: readonly Item[];
  readonly pageSize?: number;
  readonly currency?: string;
  /** In place of the answer to a request. */
  readonly answer?: (url: URL) => { status?: number; body: unknown } | undefined;
}

const servers: Server[] = [];
let requests: URL[] = [];

/** Answers like the price list: filters of `field eq 'value'` with `and`, pages by NextPageLink. */
async function priceList({ items = everything, pageSize = 100, currency = 'USD', answer }: FakeList = {}) {
  requests = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', `http://${request.headers.host}`);
    requests.push(url);
    const own = answer?.(url);
    const filter = (url.searchParams.get('$filter') ?? '').split(' and ').map(term => /^(\w+) eq '(.*)'$/.exec(term));
    const found = items.filter(line =>
      filter.every(term => term && line[term[1] === 'priceType' ? 'type' : (term[1] ?? '')] === term[2]),
    );
    const skip = Number(url.searchParams.get('$skip') ?? 0);
    const page = found.slice(skip, skip + pageSize);
    const next = new URL(url);
    next.searchParams.set('$skip', String(skip + pageSize));
    const body = own?.body ?? {
      BillingCurrency: currency,
      CustomerEntityId: 'Default',
      CustomerEntityType: 'Retail',
      Items: page,
      NextPageLink: skip + pageSize < found.length ? next.href : null,
      Count: page.length,
    };
    response.writeHead(own?.status ?? 200, { 'content-type': 'application/json' });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  servers.push(server);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/retail/prices?api-version=2023-01-01-preview`;
}

const pricesOf = async (fake: FakeList = {}, region = 'westeurope') =>
  fetchPrices({ region, currency: 'USD', today: '2026-01-02', url: await priceList(fake) });

const closeAll = () => Promise.all(servers.splice(0).map(server => new Promise(resolve => server.close(resolve))));
afterEach(closeAll);

describe('fetchPrices', () => {
  it('finds Linux pay as you go among all that is sold under one name', async () => {
    const { prices, missingSizes } = await pricesOf();
    expect(prices.nodes.map(({ size, hour }) => [size, hour.amount])).toEqual(
      NODE_SIZES.map(({ size, vcpus }) => [size, 0.1 * vcpus]),
    );
    expect(missingSizes).toEqual([]);
    expect(prices).toMatchObject({
      example: false,
      region: 'westeurope',
      currency: 'USD',
      serviceBusUnitHour: { amount: 0.9, meter: 'Premium Messaging Unit', asOf: '2026-01-02' },
      blobWrites10k: { amount: 0.05, product: 'General Block Blob v2' },
    });
    expect(prices.blobWrites10k.source).toMatch(/^http:\/\/127\.0\.0\.1.*filter/);
  });

  it('follows the links from page to page', async () => {
    const { prices } = await pricesOf({ pageSize: 2 });
    expect(prices.nodes).toHaveLength(NODE_SIZES.length);
    expect(requests.filter(url => url.searchParams.get('$skip') === '4')).toHaveLength(NODE_SIZES.length);
  });

  it('asks for the region, the currency and consumption, as documented', async () => {
    await pricesOf();
    expect(requests[0]?.searchParams.get('$filter')).toBe(
      "serviceName eq 'Virtual Machines' and armSkuName eq 'Standard_D2pds_v5' and armRegionName eq 'westeurope' and priceType eq 'Consumption'",
    );
    expect(requests[0]?.searchParams.get('currencyCode')).toBe("'USD'");
    expect(requests[0]?.searchParams.get('api-version')).toBe('2023-01-01-preview');
  });

  it('names sizes that the region does not sell, and a region that sells none', async () => {
    const items = everything.filter(line => line.armSkuName !== 'Standard_D2pds_v5');
    expect((await pricesOf({ items })).missingSizes).toEqual(['Standard_D2pds_v5']);
    await expect(pricesOf({}, 'atlantis')).rejects.toThrow("no node size of ours in atlantis: is that a region's name");
  });

  it('is an error where a price is missing, has another unit or is not one', async () => {
    const without = everything.filter(line => line !== unit);
    await expect(pricesOf({ items: without })).rejects.toThrow('has no Premium Messaging Unit in westeurope');
    const byDay = { ...unit, unitOfMeasure: '1/Day' };
    await expect(pricesOf({ items: [...without, byDay] })).rejects.toThrow('for 1/Day, and this program knows 1/Hour');
    const second = { ...unit, retailPrice: 1.1 };
    await expect(pricesOf({ items: [...everything, second] })).rejects.toThrow('2 prices for Premium Messaging Unit');
  });

  it('takes the first step of a price that goes down with the amount', async () => {
    const dearFirst = { ...writes, tierMinimumUnits: 1000, retailPrice: 0.01 };
    expect((await pricesOf({ items: [...everything, dearFirst] })).prices.blobWrites10k.amount).toBe(0.05);
  });

  it.each([
    ['an error status', { status: 429, body: { error: 'too many' } }, 'status 429'],
    ['no JSON', { body: 'down for maintenance' }, "the price list can't be read"],
    ['another shape', { body: { value: [] } }, 'does not answer as documented'],
    ['an item of another shape', { body: { BillingCurrency: 'USD', Items: [{ price: 1 }] } }, 'an item that is not'],
    ['another currency', { body: { BillingCurrency: 'EUR', Items: [] } }, 'answers in EUR, not in USD'],
    [
      'a next page elsewhere',
      { body: { BillingCurrency: 'USD', Items: [], NextPageLink: 'http://127.0.0.2/next' } },
      'goes on at http://127.0.0.2, another server',
    ],
    [
      'a page that goes on at itself',
      (url: URL) => ({ body: { BillingCurrency: 'USD', Items: [], NextPageLink: url.href } }),
      'goes on at a page that was read before',
    ],
  ])('is a clear error for %s', async (_what, answer, message) => {
    const failing = pricesOf({ answer: typeof answer === 'function' ? answer : () => answer });
    await expect(failing).rejects.toThrow(message);
    await expect(failing).rejects.toBeInstanceOf(UsageError);
  });

  it('says where to go on when the list cannot be reached', async () => {
    const url = await priceList();
    await closeAll();
    await expect(fetchPrices({ region: 'westeurope', currency: 'USD', today: '2026-01-02', url })).rejects.toThrow(
      /can't be read \(.*ECONNREFUSED.*example-prices\.json/,
    );
  });
});

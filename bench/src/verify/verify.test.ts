import { createHash } from 'node:crypto';
import type { BlobWrite } from '@order-bench/rig';
import { describe, expect, it } from 'vitest';
import type { ExpectedOrder } from '../workload/expected-orders.js';
import type { BlobStore } from './blob-store.js';
import { verifyStored } from './verify.js';

const CONTAINERS = ['express-outbox', 'standard-outbox'];

describe('verifying what the containers hold', () => {
  const order = (
    orderId: string,
    container = 'express-outbox',
    body = `{"orderId":${orderId},"delivery":"Express","a":"<&>"}`,
  ): ExpectedOrder => ({
    orderId,
    container,
    body: Buffer.from(body),
  });
  /** As Dapr writes `order(id)`: keys sorted, < > & escaped. */
  const asDapr = (orderId: string) => `{"a":"\\u003c\\u0026\\u003e","delivery":"Express","orderId":${orderId}}`;

  it('finds nothing wrong where every order is in its place, however its JSON is written', async () => {
    const store = storeOf([
      ['express-outbox', '1', asDapr('1')],
      ['express-outbox', '2', '{ "delivery": "Express", "a": "<&>", "orderId": 2 }'],
    ]);
    const found = await verifyStored(store, CONTAINERS, [order('1'), order('2')]);
    expect(found).toMatchObject({ missing: [], unexpected: [], misrouted: [], corrupt: [], duplicateWrites: 0 });
    expect(found.writtenAtMs.size).toBe(2);
  });

  it('reports what is missing, unexpected, misrouted, corrupt and written twice, each by its name', async () => {
    const store = storeOf([
      ['standard-outbox', '2', asDapr('2')],
      ['express-outbox', '3', asDapr('4')],
      ['express-outbox', '5', 'half a bod'],
      ['express-outbox', '6', asDapr('6'), 3],
      ['express-outbox', '99', asDapr('99')],
    ]);
    const found = await verifyStored(
      store,
      CONTAINERS,
      ['1', '2', '3', '5', '6'].map(id => order(id)),
    );
    expect(found.missing.map(({ orderId }) => orderId)).toEqual(['1']);
    expect(found.misrouted).toEqual(['2']);
    expect(found.corrupt).toEqual(['3', '5']);
    expect(found.unexpected).toEqual(['express-outbox/99']);
    expect(found.duplicateWrites).toBe(2);
  });

  it.each(CONTAINERS)('is of the resolution of a second where %s is', async container => {
    expect((await verifyStored(storeOf([]), CONTAINERS, [])).resolution).toBe('exact');
    expect((await verifyStored(storeOf([], container), CONTAINERS, [])).resolution).toBe('second');
  });

  const corrupt = async (body: string, stored: string) => {
    const store = storeOf([['express-outbox', '1', stored]]);
    return (await verifyStored(store, CONTAINERS, [order('1', 'express-outbox', body)])).corrupt;
  };

  it('takes __proto__ for a key like any other', async () => {
    const body = '{"orderId":1,"delivery":"Express","x":1.0,"__proto__":{"y":1}}';
    expect(await corrupt(body, '{"__proto__":{"y":1},"delivery":"Express","orderId":1,"x":1}')).toEqual([]);
    expect(await corrupt(body, '{"delivery":"Express","orderId":1,"x":1}')).toEqual(['1']);
  });

  it.each([
    ['12345678901234567890', '12345678901234567000'],
    ['1234567890123456.78', '1234567890123456.8'],
    ['1e-400', '0'],
    ['9007199254740993', '9007199254740992'],
    ['-0', '0'],
    ['0', '-0'],
    ['1', '"1"'],
  ])('finds that %s was stored as %s', async (sent, stored) => {
    expect(await corrupt(`{"orderId":1,"x":${sent}}`, `{"orderId":1,"x":${stored}}`)).toEqual(['1']);
  });

  it.each([
    ['1.0', '1'],
    ['1E2', '100'],
    ['-0.0', '-0'],
    ['0.10', '0.1'],
    ['12345678901234567890', '12345678901234567890.0'],
  ])('knows that %s and %s are one value', async (sent, stored) => {
    expect(await corrupt(`{"orderId":1,"x":${sent}}`, `{ "x":${stored}, "orderId":1}`)).toEqual([]);
  });
});

function storeOf(
  blobs: readonly (readonly [container: string, name: string, content: string, writes?: number])[],
  inSeconds?: string,
): BlobStore {
  const inContainer = (container: string) => blobs.filter(blob => blob[0] === container);
  return {
    countsWrites: true,
    blobCount: async () => blobs.length,
    writes: async container => ({
      resolution: container === inSeconds ? 'second' : 'exact',
      writes: inContainer(container).map(
        ([, name, content, writes = 1]): BlobWrite => ({
          name,
          sizeBytes: content.length,
          contentMd5: createHash('md5').update(content).digest('base64'),
          firstWrittenAtMs: 1,
          lastWrittenAtMs: 2,
          writes,
        }),
      ),
    }),
    read: async (container, name) => Buffer.from(inContainer(container).find(blob => blob[1] === name)?.[2] ?? ''),
    empty: async () => {},
  };
}

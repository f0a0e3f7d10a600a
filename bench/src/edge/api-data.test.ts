import { expect, test } from 'vitest';
import { dataOf } from './api-data.js';

const API = { read: [{ path: '/orders/101', etag: '"x-json"' }] };
const asked = (first: number, count: number) => ({ api: API, seed: 1, first, count });

test('new orders have no id, and a warm-up takes none of those that come after it', () => {
  const all = dataOf('new-orders', asked(0, 5)) as string[];
  expect(all.filter(text => text.includes('orderId'))).toEqual([]);
  expect(dataOf('new-orders', asked(3, 2))).toEqual(all.slice(3));
});

test('each unread order is met once', () => {
  expect(dataOf('unread-orders', asked(2, 2))).toEqual([{ path: '/orders/3' }, { path: '/orders/4' }]);
});

test('orders that are read are the same in warm-up and part', () => {
  expect(dataOf('read-orders', asked(0, 9))).toBe(API.read);
  expect(dataOf('read-orders', asked(9, 50))).toBe(API.read);
});

test('an import has other lines than its warm-up, and another key', () => {
  const imports = [...dataOf('import', asked(0, 2)), ...dataOf('import', asked(2, 3))];
  expect(imports).toMatchObject([
    { key: 'lines from 0', lines: [1, 2].map(id => expect.stringContaining(`{"orderId":${id},`)) },
    { key: 'lines from 2', lines: [3, 4, 5].map(id => expect.stringContaining(`{"orderId":${id},`)) },
  ]);
});

test('no two webhooks have one URL', () => {
  const urls = [...dataOf('webhooks', asked(0, 3)), ...dataOf('webhooks', asked(3, 3))];
  expect(new Set(urls.map(own => JSON.stringify(own))).size).toBe(6);
});

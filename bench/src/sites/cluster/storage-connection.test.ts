import { expect, test } from 'vitest';
import { connectStorage } from './storage-connection.js';

const CONNECTION_STRING =
  'DefaultEndpointsProtocol=https;AccountName=other;AccountKey=c2VjcmV0;EndpointSuffix=core.windows.net';

test('a named account is signed in to, even where there is a connection string', () => {
  const accountUrl = 'https://orders.blob.core.windows.net';
  expect(connectStorage({ accountUrl, connectionString: CONNECTION_STRING }).accountName).toBe('orders');
});

test('a connection string says which account it is for', () => {
  expect(connectStorage({ connectionString: CONNECTION_STRING }).accountName).toBe('other');
});

test.each([
  [{ accountUrl: 'orders' }, "'orders' is no blob service"],
  [{ accountUrl: 'http://orders.blob.core.windows.net' }, 'is no blob service'],
  [{}, 'there is no storage account to connect to'],
  [{ connectionString: '' }, 'put a connection string into BLOB_CONNECTION_STRING'],
])('wrong use is said: %j', (address, message) => {
  expect(() => connectStorage(address)).toThrow(message);
});

test('a connection string that is none is refused without repeating it', () => {
  expect(() => connectStorage({ connectionString: 'AccountKey=c2VjcmV0' })).toThrow(
    /^(?!.*c2VjcmV0).*holds no connection string/,
  );
});

import { expect, test } from 'vitest';
import { connectServiceBus } from './service-bus-connection.js';

const FQDN = 'orders.servicebus.windows.net';
const CONNECTION_STRING = `Endpoint=sb://other.servicebus.windows.net;SharedAccessKeyName=a;SharedAccessKey=b`;

test('a named namespace is signed in to, even where there is a connection string', async () => {
  const bus = connectServiceBus({ namespace: FQDN, connectionString: CONNECTION_STRING });
  expect(bus.fullyQualifiedNamespace).toBe(FQDN);
  await bus.close();
});

test('a connection string says which namespace it is for', async () => {
  const bus = connectServiceBus({ connectionString: CONNECTION_STRING });
  expect(bus.fullyQualifiedNamespace).toBe('other.servicebus.windows.net');
  await bus.close();
});

test.each([
  [{ namespace: 'orders' }, "'orders' is no namespace: give it whole"],
  [{ namespace: `sb://${FQDN}/` }, 'is no namespace'],
  [{}, 'there is no namespace to connect to'],
  [{ connectionString: '' }, 'put a connection string into SERVICEBUS_CONNECTION_STRING'],
])('wrong use is said: %j', (address, message) => {
  expect(() => connectServiceBus(address)).toThrow(message);
});

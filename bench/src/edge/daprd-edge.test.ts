import { expect, test } from 'vitest';
import { type Filling, keepEmpty } from './daprd-edge.js';

test('only what has filled is emptied, until the end', async () => {
  const emptied: string[] = [];
  const end = new AbortController();
  const queue = (name: string, active: number) => ({ name, active });
  const container = (name: string, blobs: number) => ({ name, blobs });
  const filling: Filling = {
    broker: {
      queues: async () => [queue('q-order-express', 3_000), queue('q-order-standard', 10)],
      purge: async (name: string) => void emptied.push(name),
    },
    blobs: {
      containers: async () => [
        container('express-outbox', 10),
        container('standard-outbox', 3_000),
        container('else', 9_000),
      ],
      async empty(name: string) {
        emptied.push(name);
        end.abort();
      },
    },
  };
  await expect(keepEmpty(filling, end.signal)).rejects.toThrow('aborted');
  expect(emptied).toEqual(['q-order-express', 'standard-outbox']);
});

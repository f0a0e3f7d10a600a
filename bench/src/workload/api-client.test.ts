import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient } from './api-client.js';

describe('a caller of an Order API', () => {
  let server: Server;
  let api: ApiClient;
  let answers: ((response: ServerResponse) => void)[];
  let asked: string[];

  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url} ${request.headers.authorization}`);
      answers.shift()?.(response);
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    api = new ApiClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 'secret');
  });
  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });

  function answering(...next: typeof answers): void {
    asked = [];
    answers = next;
  }

  it('sends the same again until it is taken: after a refusal, and after a connection that was cut', async () => {
    answering(
      response => response.writeHead(503).end(),
      response => response.destroy(),
      response => response.writeHead(202).end('taken'),
    );
    const { text } = await api.until(202, '/orders', { method: 'POST', body: '{}' }, soon());
    expect(text).toBe('taken');
    expect(asked).toEqual(Array.from({ length: 3 }, () => 'POST /orders Bearer secret'));
  });

  it('says at the deadline what was answered last', async () => {
    answering(response => response.writeHead(503).end('the state is away'));
    await expect(api.until(200, '/orders/1', {}, { deadlineMs: 0 })).rejects.toThrow(
      'GET /orders/1 was not answered with 200, at last: 503 the state is away',
    );
  });

  it('follows a list from page to page', async () => {
    answering(
      response => response.setHeader('link', '</imports/job_1?cursor=x>; rel="next"').end('{"lines":[{"line":1}]}'),
      response => response.end('{"lines":[{"line":2}]}'),
    );
    expect(await api.importedLines('/jobs/job_1', soon())).toEqual([{ line: 1 }, { line: 2 }]);
    expect(asked[1]).toContain('/imports/job_1?cursor=x');
  });
});

function soon() {
  return { deadlineMs: Date.now() + 20_000 };
}

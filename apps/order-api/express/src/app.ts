import type { ApiRequest, ApiResponse } from '@order-bench/order-api';
import express, { type Express, type Request } from 'express';
import type { Logger } from 'pino';

/** One role as an Express app: what it answers is @order-bench/order-api's, what it is asked is Express's. */
export function createApp(answer: (request: ApiRequest) => Promise<ApiResponse>, logger: Logger): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(async (request, response) => {
    try {
      const { status, headers, body } = await answer(apiRequest(request));
      response.status(status);
      // As they are: `set` adds a charset to JSON, which has none.
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
      if (request.method === 'HEAD' || body === undefined) response.end();
      else response.send(Buffer.from(body));
    } catch (error) {
      // A defect, or a caller that left before its body had come whole.
      logger.error({ err: error }, 'The request failed.');
      if (!response.headersSent) response.status(500).end();
    }
  });
  return app;
}

function apiRequest(request: Request): ApiRequest {
  const { pathname, searchParams } = new URL(request.originalUrl, 'http://api');
  return {
    method: request.method,
    path: pathname,
    query: searchParams,
    header: name => request.get(name),
    body: limitBytes => readBody(request, limitBytes),
  };
}

/** The body; undefined as soon as it is too large. What follows is not read: the answer closes the connection. */
async function readBody(request: Request, limitBytes: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of request) {
    sizeBytes += (chunk as Buffer).length;
    if (sizeBytes > limitBytes) return undefined;
    chunks.push(chunk as Buffer);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

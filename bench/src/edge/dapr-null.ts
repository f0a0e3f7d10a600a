import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { DaprNullSettings } from '../results/k6-result.js';

/**
 * A server that answers output bindings as daprd does and does nothing else: with it behind an app, what is measured is
 * the app. 204 for a queue and 200 for a blob; a failing call gets daprd's own error.
 */
export function createDaprNull({ latencyMs, errorShare }: DaprNullSettings): Server {
  let calls = 0;
  const isFailing = () => {
    calls += 1;
    return Math.floor(calls * errorShare) > Math.floor((calls - 1) * errorShare);
  };
  const server = createServer((request, response) => {
    // A caller that leaves in the middle of its request needs no answer.
    answer(request, response).catch(() => response.destroy());
  });
  // Longer than any app keeps an idle connection: a call must not meet one that is being closed.
  server.keepAliveTimeout = 120_000;
  return server;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for await (const chunk of request) void chunk;
    const binding = BINDING.exec(request.url ?? '')?.[1];
    if (binding === undefined) return answerOther(request, response);
    if (latencyMs > 0) await delay(latencyMs);
    if (isFailing()) {
      response.writeHead(500, JSON_TYPE).end(`{"errorCode":"ERR_INVOKE_OUTPUT_BINDING","message":"${binding} fails"}`);
    } else response.writeHead(binding.endsWith('-outbox') ? 200 : 204).end();
  }
}

const BINDING = /^\/v1\.0\/bindings\/([\w-]+)$/;
const JSON_TYPE = { 'content-type': 'application/json' };

/** Health (204) and metadata, which clients ask for when they start. */
function answerOther({ url = '' }: IncomingMessage, response: ServerResponse): void {
  if (url.startsWith('/v1.0/healthz')) response.writeHead(204).end();
  else if (url === '/v1.0/metadata') response.writeHead(200, JSON_TYPE).end('{"id":"dapr-null"}');
  else response.writeHead(404).end();
}

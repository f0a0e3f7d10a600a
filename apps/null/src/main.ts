import { Agent, createServer, type IncomingMessage, request } from 'node:http';
import { findUnfaithful } from '@order-bench/orders/fidelity';
import { MAX_HEADERS_BYTES } from '@order-bench/orders/limits';

const { APP_ID, APP_HOST = '127.0.0.1', APP_PORT = '3000', DAPR_HTTP_HOST, DAPR_HTTP_PORT = '3500' } = process.env;
const { DAPR_API_TOKEN } = process.env;

type Sent = { readonly orderId: number; readonly delivery: string };
type Output = { readonly binding: string; readonly metadata: Readonly<Record<string, string>> };

/** Each role's output binding, and the metadata that names the message or the blob. */
const ROLES: Record<string, (order: Sent) => Output> = {
  distributor: ({ orderId, delivery }) => ({
    binding: `q-order-${delivery.toLowerCase()}-out`,
    metadata: { MessageId: String(orderId) },
  }),
  'receiver-express': ({ orderId }) => outbox('express-outbox', orderId),
  'receiver-standard': ({ orderId }) => outbox('standard-outbox', orderId),
};

const DAPR_HEADERS = {
  'content-type': 'application/json',
  ...(DAPR_API_TOKEN ? { 'dapr-api-token': DAPR_API_TOKEN } : {}),
};

const CLOSING_EVERY_MS = 50;
const outputOf = role(APP_ID);
const dapr = new Agent({ keepAlive: true });

const server = createServer({ maxHeaderSize: MAX_HEADERS_BYTES }, (incoming, response) => {
  if (incoming.method !== 'POST') return response.end();
  handle(incoming).then(
    status => response.writeHead(status).end(),
    () => response.writeHead(502).end(),
  );
});
// Longer than Dapr keeps an idle connection (90 s): a POST must not meet a connection that is being closed.
server.keepAliveTimeout = 120_000;
server.listen(Number(APP_PORT), APP_HOST);

// A container's first process is ended by no signal that it does not ask for: Kubernetes would wait 30 s for each pod.
process.once('SIGTERM', () => {
  const closing = setInterval(() => server.closeIdleConnections(), CLOSING_EVERY_MS);
  server.close(() => clearInterval(closing));
});

/** Takes an order to its next step; the status is 200 only where Dapr confirmed that, 400 where Dapr would alter it. */
async function handle(incoming: IncomingMessage): Promise<number> {
  const order = await read(incoming);
  const { binding, metadata } = outputOf(JSON.parse(order) as Sent);
  if (findUnfaithful(order)) return 400;
  const confirmed = await send(
    binding,
    `{"operation":"create","data":${order},"metadata":${JSON.stringify(metadata)}}`,
  );
  return confirmed >= 200 && confirmed < 300 ? 200 : 502;
}

function role(appId = ''): (order: Sent) => Output {
  const found = ROLES[appId];
  if (found) return found;
  throw new Error(`APP_ID is "${appId}"; set it to one of ${Object.keys(ROLES).join(', ')}.`);
}

function outbox(binding: string, orderId: number): Output {
  return { binding, metadata: { blobName: String(orderId), contentType: 'application/json' } };
}

/** Calls an output binding and resolves to the status of Dapr's answer. */
function send(binding: string, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { ...DAPR_HEADERS, 'content-length': Buffer.byteLength(body) };
    const path = `/v1.0/bindings/${binding}`;
    request({ agent: dapr, host: DAPR_HTTP_HOST, port: DAPR_HTTP_PORT, path, method: 'POST', headers })
      .on('response', answer =>
        answer
          .resume()
          .on('error', reject)
          .on('end', () => resolve(answer.statusCode ?? 0)),
      )
      .on('error', reject)
      .end(body);
  });
}

async function read(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

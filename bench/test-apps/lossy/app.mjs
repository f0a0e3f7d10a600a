// All three roles without validation, but for one order that is acknowledged and thrown away. Warm-up windows hold the
// orders 1 to 500, so that only the run meets it.
import { createServer } from 'node:http';

const LOST_ORDER = 555;

createServer(async (request, response) => {
  if (request.method !== 'POST') return response.end();
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  // Dapr's retry of a call that found no connection: the body comes with the next delivery.
  if (text === '') return response.writeHead(400).end();
  const { orderId, delivery } = JSON.parse(text);
  const kind = delivery.toLowerCase();
  const isIngress = request.url === '/q-order-ingress';
  if (isIngress || orderId !== LOST_ORDER) {
    const binding = isIngress ? `q-order-${kind}-out` : `${kind}-outbox`;
    const metadata = isIngress
      ? { MessageId: `${orderId}` }
      : { blobName: `${orderId}`, contentType: 'application/json' };
    const body = `{"operation":"create","data":${text},"metadata":${JSON.stringify(metadata)}}`;
    const answer = await fetch(`${process.env.DAPR_URL}/v1.0/bindings/${binding}`, { method: 'POST', body });
    await answer.arrayBuffer();
    response.statusCode = answer.ok ? 200 : 502;
  }
  response.end();
}).listen(Number(process.env.PORT), '127.0.0.1');

// Written as its author would without this project's code: names and order shape from the design, Express, fetch.
import express from 'express';

const dapr = `http://127.0.0.1:${process.env.DAPR_HTTP_PORT}/v1.0/bindings`;
const app = express();
app.use(express.json({ limit: '1mb' }));
app.get('/healthz', (_, res) => res.sendStatus(200));

async function send(binding, order, metadata) {
  const answer = await fetch(`${dapr}/${binding}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ operation: 'create', data: order, metadata }),
  });
  if (!answer.ok) throw new Error(`${binding} answered ${answer.status}`);
}

app.post('/q-order-ingress', async (req, res) => {
  await send(`q-order-${req.body.delivery.toLowerCase()}-out`, req.body, { MessageId: String(req.body.orderId) });
  res.sendStatus(200);
});
for (const kind of ['express', 'standard']) {
  app.post(`/q-order-${kind}-in`, async (req, res) => {
    await send(`${kind}-outbox`, req.body, { blobName: String(req.body.orderId), contentType: 'application/json' });
    res.sendStatus(200);
  });
}

app.listen(process.env.PORT, '127.0.0.1');

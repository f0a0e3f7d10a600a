/**
 * The contender without a contender: one process that receives, forwards and stores orders with nothing between it and
 * the rig. What it reaches is what broker and blob server can bear on this machine.
 */
import { createServer } from 'node:http';
import { OUTBOX_BINDING, parseOrder, type Route, route } from '@order-bench/orders';
import rhea, { type Delivery, type EventContext, type Message, type Sender } from 'rhea';
import { blobWriter } from './blob-writer.js';

const CREDIT_PER_QUEUE = 100;
const BLOB_CONNECTIONS = 32;
const QUEUE: Readonly<Record<Route, string>> = { express: 'q-order-express', standard: 'q-order-standard' };

const { APP_HOST, APP_PORT, SERVICEBUS_CONNECTION_STRING = '', BLOB_CONNECTION_STRING = '' } = process.env;
const broker = /Endpoint=sb:\/\/([^:;/]+):(\d+)/.exec(SERVICEBUS_CONNECTION_STRING);
if (!broker) throw new Error('SERVICEBUS_CONNECTION_STRING names no Endpoint=sb://host:port');

const writeBlob = blobWriter(BLOB_CONNECTION_STRING, BLOB_CONNECTIONS);
const connection = rhea
  .create_container()
  .connect({ host: broker[1], port: Number(broker[2]), username: 'anonymous', reconnect: false });

forward();
store('express');
store('standard');
createServer((_, response) => response.end('ok')).listen(Number(APP_PORT), APP_HOST);
process.once('SIGTERM', () => process.exit(0));

/** Ingress to the two queues: an order is settled when the broker has accepted its copy. */
function forward(): void {
  const senders: Record<Route, Sender> = {
    express: connection.open_sender({ target: QUEUE.express }),
    standard: connection.open_sender({ target: QUEUE.standard }),
  };
  const waiting = new Map<Delivery, Delivery>();
  connection.on('accepted', ({ delivery }: EventContext) => {
    if (!delivery) return;
    waiting.get(delivery)?.accept();
    waiting.delete(delivery);
  });
  receive('q-order-ingress', (message, received) => {
    const parsed = parseOrder(message.body.content);
    if ('refusal' in parsed) return received.modified({ delivery_failed: true, undeliverable_here: false });
    const sender = senders[route(parsed.order)];
    waiting.set(sender.send({ message_id: message.message_id ?? '', body: message.body }), received);
  });
}

/** A queue to its container: an order is settled when its blob is confirmed. */
function store(to: Route): void {
  receive(QUEUE[to], (message, received) => {
    writeBlob(OUTBOX_BINDING[to], String(message.message_id), message.body.content).then(
      () => received.accept(),
      (error: Error) => {
        console.error(error.message);
        received.modified({ delivery_failed: true, undeliverable_here: false });
      },
    );
  });
}

function receive(queue: string, handle: (message: Message, delivery: Delivery) => void): void {
  const receiver = connection.open_receiver({ source: queue, credit_window: CREDIT_PER_QUEUE, autoaccept: false });
  receiver.on('message', ({ message, delivery }: EventContext) => {
    if (message && delivery) handle(message, delivery);
  });
}

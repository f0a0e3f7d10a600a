// drain-main.js <orders> <orders a second>: a drain that is checked order by order, as node/drain.ts starts it inside the node.
import { checkedDrain } from '@order-bench/bench';
import { BLOB_ADMIN_URL, BROKER_ADMIN_URL, DIRECT_CONNECTIONS } from './stand-ins.js';

/** Locks of what was killed last 60 s, at each of two queues; then it is soon done. */
const LIMIT_MS = 240_000;

const [orders, ordersPerSecond] = process.argv.slice(2).map(Number);
if (!orders || !ordersPerSecond) throw new Error('usage: drain-main.js <orders> <orders a second>');
const found = await checkedDrain({
  serviceBusConnectionString: DIRECT_CONNECTIONS.SERVICEBUS_CONNECTION_STRING,
  blobConnectionString: DIRECT_CONNECTIONS.BLOB_CONNECTION_STRING,
  brokerUrl: BROKER_ADMIN_URL,
  blobUrl: BLOB_ADMIN_URL,
  orders,
  ordersPerSecond,
  limitMs: LIMIT_MS,
});
process.stdout.write(JSON.stringify(found));

import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from './cluster.js';
import { API_TOKEN } from './release.js';
import { linesOfPod } from './script-pod.js';
import { BROKER_ADMIN_URL } from './stand-ins.js';

/** An order, and what the Order API showed of it. */
export interface ShownOrder {
  readonly sent: Readonly<Record<string, unknown>>;
  readonly shown: unknown;
}

/** Slower than anything here: a read model that does not follow is found by it. */
const LIMIT_SECONDS = 180;

/**
 * Posts orders to the Order API, one by one, from a pod of another namespace, and asks for each until it is shown as written.
 *
 * @param url of the API, as pods reach it.
 * @throws Error with what the pod said, where one is refused, or not written in time.
 */
export async function postOrders(cluster: Cluster, url: string, orders: number): Promise<ShownOrder[]> {
  const sent = Array.from({ length: orders }, (_, index) => ({
    orderId: index + 1,
    delivery: index % 2 === 0 ? 'Express' : 'Standard',
    description: `order ${index + 1} of a pod`,
  }));
  const each = (command: string) =>
    `while read -r id order; do\n${command}\ndone <<'ORDERS'\n${sent.map(order => `${order.orderId} ${JSON.stringify(order)}`).join('\n')}\nORDERS`;
  const curl = `curl --silent --show-error --fail --max-time 20 --header 'authorization: Bearer ${API_TOKEN}'`;
  const script = [
    'set -eu',
    each(`${curl} --output /dev/null --header 'content-type: application/json' --data "$order" ${url}/orders`),
    each(
      `until shown=$(${curl} ${url}/orders/$id) && printf %s "$shown" | grep -q '"status":"written"'; do sleep 0.2; done; printf '%s\\n' "$shown"`,
    ),
  ].join('\n');
  const lines = await linesOfPod(cluster, { namespace: 'callers', script, limitSeconds: LIMIT_SECONDS });
  return sent.map((order, index) => ({ sent: order, shown: JSON.parse(lines[index] ?? 'null') as unknown }));
}

/** What the broker counts of a queue or a subscription. */
interface Counted {
  readonly name: string;
  readonly activeMessageCount: number;
  readonly deadLettered: number;
}

const POLL_MS = 200;

/**
 * Waits until nobody has anything to do any more, so that whoever is installed next finds nothing of this one.
 *
 * @returns queues and subscriptions in which something was left as undeliverable.
 */
export async function untilQueuesAreEmpty({ namespaces }: Cluster): Promise<string[]> {
  const endMs = Date.now() + LIMIT_SECONDS * 1000;
  for (;;) {
    const printed = await namespaces.run({ command: ['curl', '--silent', '--fail', `${BROKER_ADMIN_URL}/queues`] });
    const { queues } = JSON.parse(printed) as { readonly queues: readonly Counted[] };
    const isKept = ({ name }: Counted) => name.startsWith('orders-dead/');
    const busy = queues.filter(each => each.activeMessageCount > 0 && !isKept(each));
    if (busy.length === 0) {
      const hasLeft = (each: Counted) => each.deadLettered > 0 || (isKept(each) && each.activeMessageCount > 0);
      return queues.filter(hasLeft).map(({ name }) => name);
    }
    if (Date.now() > endMs) {
      const said = busy.map(({ name, activeMessageCount }) => `${activeMessageCount} in ${name}`).join(', ');
      throw new Error(`after ${LIMIT_SECONDS} s there are still messages: ${said}; see the logs of who reads them`);
    }
    await sleep(POLL_MS);
  }
}

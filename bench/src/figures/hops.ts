import type { MessageTrace } from '@order-bench/rig';
import type { HopFigures } from '../results/result.js';
import type { DaprdCalls } from './daprd-metrics.js';

/** What broker, blob server and daprds recorded of one drain. */
export interface HopRecords {
  /** The ingress queue's messages. */
  readonly ingress: readonly MessageTrace[];
  /** Those of the queues behind the distributor. */
  readonly delivery: readonly MessageTrace[];
  /** The write of each order's blob, by its name. */
  readonly writtenAtMs: ReadonlyMap<string, number>;
  /** Whole times, without what a daprd cuts off (`wholeTimes`). */
  readonly distributor: DaprdCalls;
  /** The same of all receivers together. */
  readonly receiver: DaprdCalls;
}

/**
 * Where the time from an order's scheduled enqueue time to its write went, on the average.
 *
 * Broker and blob server tell by order when it was due, delivered, sent on, delivered again and written, which cuts its
 * way into four without a gap: two waits in queues and two roles. What happens inside a role only its daprds know, as
 * sums over all calls; see {@link splitRole} for how those cut a role into four. So the means of the hops add up to the
 * mean of the whole, but for rounding.
 *
 * A contender that sets no MessageId leaves its orders without a name in the delivery queues. The means are then
 * differences of means over the same orders, which is the same; the waits in queues need no names at all.
 *
 * @returns nothing where the records do not hold every order once: settled records that were dropped, duplicates
 * without names, or a daprd whose metrics are others.
 */
export function hopFigures({ ingress, delivery, writtenAtMs, distributor, receiver }: HopRecords): HopFigures[] {
  const orders = writtenAtMs.size;
  const came = timesOf(ingress, [...writtenAtMs.keys()]);
  const went = timesOf(delivery, [...writtenAtMs.keys()]);
  const known = [distributor, receiver].every(({ app, api }) => app.count > 0 && api.count > 0);
  if (orders === 0 || !came || !went || !known) return [];
  const originMs = came[0]?.dueAtMs ?? 0;
  const mean = meanFrom(originMs);
  const ingressWaits = came.map(({ dueAtMs, deliveredAtMs }) => deliveredAtMs - dueAtMs);
  const deliveryWaits = went.map(({ dueAtMs, deliveredAtMs }) => deliveredAtMs - dueAtMs);
  const distributing = splitRole({
    orders,
    pathMs: mean(went.map(({ dueAtMs }) => dueAtMs)) - mean(came.map(({ deliveredAtMs }) => deliveredAtMs)),
    handlerMs: meanFrom(0)(came.map(({ deliveredAtMs, settledAtMs }) => settledAtMs - deliveredAtMs)),
    calls: distributor,
  });
  const receiving = splitRole({
    orders,
    pathMs: mean([...writtenAtMs.values()]) - mean(went.map(({ deliveredAtMs }) => deliveredAtMs)),
    handlerMs: meanFrom(0)(went.map(({ deliveredAtMs, settledAtMs }) => settledAtMs - deliveredAtMs)),
    calls: receiver,
  });
  const inRole = (id: HopId, part: RolePart) => roleHop({ id, orders, part });
  return [
    queueHop('ingress-queue', ingressWaits),
    inRole('distributor-dapr-in', distributing.daprIn),
    inRole('distributor-app', distributing.app),
    inRole('distributor-dapr-out', distributing.daprOut),
    inRole('delivery-send', distributing.output),
    queueHop('delivery-queue', deliveryWaits),
    inRole('receiver-dapr-in', receiving.daprIn),
    inRole('receiver-app', receiving.app),
    inRole('receiver-dapr-out', receiving.daprOut),
    inRole('blob-write', receiving.output),
  ];
}

const TITLES = {
  'ingress-queue': 'waits in the ingress queue',
  'distributor-dapr-in': 'Dapr receives it for the distributor',
  'distributor-app': 'in the distributor, with HTTP to it and back',
  'distributor-dapr-out': 'Dapr takes it from the distributor',
  'delivery-send': 'Dapr sends it to the next queue',
  'delivery-queue': 'waits in the next queue',
  'receiver-dapr-in': 'Dapr receives it for the receiver',
  'receiver-app': 'in the receiver, with HTTP to it and back',
  'receiver-dapr-out': 'Dapr takes it from the receiver',
  'blob-write': 'Dapr writes the blob',
};

type HopId = keyof typeof TITLES;

/** One role over all orders: means of the broker's and blob server's times, and what its daprds counted. */
export interface RoleTimes {
  readonly orders: number;
  /** From the delivery to the role's daprd until the order was in the next queue, or its blob written. */
  readonly pathMs: number;
  /** From the delivery until the message was settled: the time for which it held a handler. */
  readonly handlerMs: number;
  readonly calls: DaprdCalls;
}

/** A part of a role: what of it lay on the orders' way, and the whole of it, in milliseconds an order. */
export interface RolePart {
  readonly meanMs: number;
  readonly handlerMs: number;
}

/** The parts of a role in the order in which a message meets them. */
export interface RoleParts {
  readonly daprIn: RolePart;
  readonly app: RolePart;
  readonly daprOut: RolePart;
  readonly output: RolePart;
}

/**
 * Cuts the time in a role into four. daprd's calls lie inside each other: its call to the app holds the app's call to
 * daprd's API, which holds the output binding's work. So the differences are the parts: handler minus app call is Dapr
 * receiving and settling, app call minus API call the app, API call minus output Dapr's API, and the output the rest.
 *
 * After the output the order has moved on, and the answers come back the same way: that is part of what a handler is
 * held for but not of the order's way. How much of each part that is nobody records, only the sum (handlerMs - pathMs).
 * It is taken to be the same share of each of the three parts around the output.
 */
export function splitRole({ orders, pathMs, handlerMs, calls }: RoleTimes): RoleParts {
  const appMs = calls.app.sumMs / orders;
  const apiMs = calls.api.sumMs / orders;
  const outputMs = Math.min(calls.output.sumMs / orders, pathMs);
  const [inside, app, api] = [handlerMs - appMs, appMs - apiMs, apiMs - outputMs].map(ms => Math.max(0, ms)) as [
    number,
    number,
    number,
  ];
  const around = inside + app + api;
  const onTheWay = around > 0 ? (pathMs - outputMs) / around : 0;
  const part = (ms: number): RolePart => ({ meanMs: ms * onTheWay, handlerMs: ms });
  return {
    // With nothing around the output there is nothing to share out: what is left then counts as receiving.
    daprIn: around > 0 ? part(inside) : { meanMs: pathMs - outputMs, handlerMs: 0 },
    app: part(app),
    daprOut: part(api),
    output: { meanMs: outputMs, handlerMs: outputMs },
  };
}

/** One order in one queue. */
interface QueueTimes {
  /** When it could be delivered: its scheduled time, or when it came. */
  readonly dueAtMs: number;
  readonly deliveredAtMs: number;
  readonly settledAtMs: number;
}

/** One record an order, by name where the messages have names; undefined where an order has none, or some have two. */
function timesOf(messages: readonly MessageTrace[], orderIds: readonly string[]): QueueTimes[] | undefined {
  // The first of two, for that is the one that the order went on with.
  const byId = new Map([...messages].reverse().map(message => [message.messageId, message]));
  const named = orderIds.flatMap(id => byId.get(id) ?? []);
  const chosen = named.length === orderIds.length ? named : messages;
  const times = chosen.flatMap(({ scheduledAtMs, enqueuedAtMs, firstDeliveredAtMs, settledAtMs }) =>
    firstDeliveredAtMs === undefined || settledAtMs === undefined
      ? []
      : [{ dueAtMs: scheduledAtMs ?? enqueuedAtMs, deliveredAtMs: firstDeliveredAtMs, settledAtMs }],
  );
  return times.length === orderIds.length ? times : undefined;
}

/** The mean as an offset from an origin: sums of times since the epoch would lose their fractions. */
function meanFrom(originMs: number): (timesMs: readonly number[]) => number {
  return timesMs => timesMs.reduce((sum, timeMs) => sum + (timeMs - originMs), 0) / timesMs.length;
}

function queueHop(id: HopId, waitsMs: readonly number[]): HopFigures {
  const sorted = [...waitsMs].sort((a, b) => a - b);
  return {
    ...{ id, title: TITLES[id], source: 'broker', orders: sorted.length },
    meanMs: round(meanFrom(0)(sorted)),
    p50Ms: round(percentileOf(sorted, 50)),
    p99Ms: round(percentileOf(sorted, 99)),
    handlerMs: null,
  };
}

interface RoleHop {
  readonly id: HopId;
  readonly orders: number;
  readonly part: RolePart;
}

function roleHop({ id, orders, part: { meanMs, handlerMs } }: RoleHop): HopFigures {
  return {
    ...{ id, title: TITLES[id], source: 'daprd', orders },
    meanMs: round(meanMs),
    p50Ms: null,
    p99Ms: null,
    handlerMs: round(handlerMs),
  };
}

function round(ms: number): number {
  return Math.round(ms * 100) / 100;
}

/**
 * The nearest-rank percentile: the smallest value that at least this percentage of the values does not exceed.
 *
 * @param sorted ascending, at least one.
 * @param percentile above 0, to 100.
 */
function percentileOf(sorted: readonly number[], percentile: number): number {
  return sorted[Math.max(0, Math.ceil((sorted.length * percentile) / 100) - 1)] ?? Number.NaN;
}

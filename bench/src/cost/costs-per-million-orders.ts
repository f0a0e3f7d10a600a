import { median } from '../judge/median.js';
import { isCorrect, type RunResult } from '../results/result.js';
import { type Architecture, architectureOf, type NodePrice, nodeOf, type Prices, vcpuHour } from './prices.js';

/** The share of its steady rate at which a contender is paid for: what is bought for the peak is idle for the rest. */
const SHARE_OF_STEADY_RATE = 0.7;

const ORDERS = 1_000_000;
const MS_PER_HOUR = 3_600_000;

/** What to compute costs from. */
export interface CostOptions {
  /** Runs of one comparison; only complete and correct bursts count. */
  readonly results: readonly RunResult[];
  readonly prices: Prices;
  /** Of Service Bus Premium, bought by the hour: 1 (as deploy/infra has it), 2, 4, 8 or 16. Default: 1. */
  readonly messagingUnits?: number;
}

/** What a million orders cost with each contender, and everything it was computed from. */
export interface CostTable {
  readonly currency: string;
  readonly region: string;
  /** The prices are an example: say so wherever a figure of this table is shown. */
  readonly example: boolean;
  readonly shareOfSteadyRate: number;
  readonly messagingUnits: number;
  /** The cheapest first. */
  readonly rows: readonly CostRow[];
  readonly leftOut: readonly LeftOut[];
}

/** One contender's cost, on the architecture that its runs were measured on. */
export interface CostRow<A extends Architecture = Architecture> {
  readonly contender: string;
  readonly measured: Measured<A>;
  readonly node: NodePrice<A>;
  /** 1,000,000 orders at 70 % of the steady rate. */
  readonly hours: number;
  readonly terms: readonly CostTerm[];
  /** The sum of the terms. */
  readonly total: number;
}

/** One part of a cost: quantity x price. */
export interface CostTerm {
  readonly id: 'app' | 'dapr' | 'service-bus' | 'blob-writes';
  readonly title: string;
  readonly quantity: number;
  readonly unit: 'vCPU h' | 'unit h' | '10,000 writes';
  /** Of one unit. */
  readonly price: number;
  readonly cost: number;
  /** The quantity with its numbers put in, for a person. */
  readonly formula: string;
}

/** Medians over a contender's runs; the type holds on to the architecture that they ran on. */
export interface Measured<A extends Architecture = Architecture> {
  readonly contender: string;
  readonly architecture: A;
  readonly resultIds: readonly string[];
  readonly steadyOrdersPerSecond: number;
  readonly appCpuMsPerOrder: number;
  readonly daprCpuMsPerOrder: number;
  /** Above 1 where blobs were written again; 1 where the blob store could not tell. */
  readonly blobWritesPerOrder: number;
}

/** A contender without a cost, and why. */
export interface LeftOut {
  readonly contender: string;
  readonly reason: string;
}

/**
 * The cost of a million orders with each contender. A contender stands in it only with runs of its own on an
 * architecture that the prices have a node of: there is no figure for an architecture on which nothing ran.
 */
export function costsPerMillionOrders({ results, prices, messagingUnits = 1 }: CostOptions): CostTable {
  const rows: CostRow[] = [];
  const leftOut: LeftOut[] = [];
  for (const contender of new Set(results.map(result => result.contender))) {
    const measured = measuredOf(results.filter(result => result.contender === contender));
    const node = typeof measured === 'string' ? null : nodeOf(prices, measured.architecture);
    if (typeof measured === 'string') leftOut.push({ contender, reason: measured });
    else if (node) rows.push(costPerMillionOrders({ measured, node, prices, messagingUnits }));
    else
      leftOut.push({ contender, reason: `the prices have no ${measured.architecture} node, on which it was measured` });
  }
  return {
    currency: prices.currency,
    region: prices.region,
    example: prices.example,
    shareOfSteadyRate: SHARE_OF_STEADY_RATE,
    messagingUnits,
    rows: rows.sort((a, b) => a.total - b.total),
    leftOut,
  };
}

/** What one contender's cost is computed from. */
export interface CostRowOptions<A extends Architecture> {
  readonly measured: Measured<A>;
  /** Of the architecture of the runs; the compiler refuses any other. */
  readonly node: NodePrice<NoInfer<A>>;
  readonly prices: Prices;
  readonly messagingUnits: number;
}

/**
 * The cost of a million orders with one contender: of a cluster that can just bear the steady rate r, paid for as long
 * as it takes at 0.7 r, which is 10^6 / (0.7 r) seconds = h hours.
 *
 * - app: at r the app keeps (CPU an order) x r vCPUs busy; h hours of them are (CPU an order) x 10^6 / 0.7 vCPU hours, so
 *   that r drops out. Times the price of a node's vCPU.
 * - Dapr's pool: the same with daprd's CPU.
 * - Service Bus: messaging units x h hours x the price of a unit for an hour. Here r stays in.
 * - blobs: 10^6 orders x writes an order / 10,000 x the price of 10,000 writes.
 *
 * A vCPU is taken to do as much as a core of the measuring machine, nodes to be full, and their system pods, disks,
 * traffic and stored bytes to cost nothing: they are the same for every contender.
 *
 * @throws RangeError when runs and node are of different architectures.
 */
export function costPerMillionOrders<A extends Architecture>(options: CostRowOptions<A>): CostRow<A> {
  const { measured, node, prices, messagingUnits } = options;
  if (measured.architecture !== node.architecture) {
    throw new RangeError(
      `${measured.contender} was measured on ${measured.architecture}: a cost on ${node.architecture} needs runs there`,
    );
  }
  const hours = ORDERS / (SHARE_OF_STEADY_RATE * measured.steadyOrdersPerSecond) / 3600;
  const terms = [
    cpuTerm({ id: 'app', title: "the app's CPU", cpuMsPerOrder: measured.appCpuMsPerOrder, node }),
    cpuTerm({ id: 'dapr', title: "Dapr's pool", cpuMsPerOrder: measured.daprCpuMsPerOrder, node }),
    term({
      id: 'service-bus',
      title: 'Service Bus Premium',
      quantity: messagingUnits * hours,
      unit: 'unit h',
      price: prices.serviceBusUnitHour.amount,
      formula: `${messagingUnits} x 10^6 / (${SHARE_OF_STEADY_RATE} x ${round(measured.steadyOrdersPerSecond)} orders/s) / 3600`,
    }),
    term({
      id: 'blob-writes',
      title: 'blob writes',
      quantity: (ORDERS * measured.blobWritesPerOrder) / 10_000,
      unit: '10,000 writes',
      price: prices.blobWrites10k.amount,
      formula: `10^6 x ${round(measured.blobWritesPerOrder)} / 10,000`,
    }),
  ];
  const total = terms.reduce((sum, { cost }) => sum + cost, 0);
  return { contender: measured.contender, measured, node, hours, terms, total };
}

/** The medians of a contender's complete and correct bursts, or why there are none that a cost could be computed from. */
function measuredOf(results: readonly RunResult[]): Measured | string {
  const usable = results.flatMap(result =>
    result.status === 'complete' && result.mode === 'burst' && result.drain && isCorrect(result)
      ? [{ ...result, drain: result.drain }]
      : [],
  );
  const [first] = usable;
  if (!first) return 'no complete and correct burst';
  const systems = [...new Set(usable.map(({ environment }) => environment.os))];
  const architecture = architectureOf(first.environment.os);
  if (systems.some(os => architectureOf(os) !== architecture))
    return `measured on several architectures (${systems.join(', ')}): each needs a comparison of its own`;
  if (!architecture) return `measured on ${first.environment.os}, of which no node is known`;
  if (usable.some(({ processes }) => !processes.some(({ role }) => role === 'dapr')))
    return 'no Dapr in it: a limit of the rig, not something to deploy';
  return {
    contender: first.contender,
    architecture,
    resultIds: usable.map(({ id }) => id),
    steadyOrdersPerSecond: median(usable.map(({ drain }) => drain.steadyOrdersPerSecond)),
    appCpuMsPerOrder: median(usable.map(result => cpuMsPerOrder(result, 'app'))),
    daprCpuMsPerOrder: median(usable.map(result => cpuMsPerOrder(result, 'dapr'))),
    blobWritesPerOrder: median(
      usable.map(
        ({ correctness, orders }) => (correctness.written + (correctness.duplicateWrites ?? 0)) / orders.count,
      ),
    ),
  };
}

function cpuMsPerOrder({ processes, orders }: RunResult, role: string): number {
  return processes.filter(process => process.role === role).reduce((sum, { cpuMs }) => sum + cpuMs, 0) / orders.count;
}

function cpuTerm({ id, title, cpuMsPerOrder: cpuMs, node }: CpuTermOptions): CostTerm {
  return term({
    id,
    title,
    quantity: (cpuMs * ORDERS) / MS_PER_HOUR / SHARE_OF_STEADY_RATE,
    unit: 'vCPU h',
    price: vcpuHour(node),
    formula: `${round(cpuMs)} ms x 10^6 / 3.6x10^6 / ${SHARE_OF_STEADY_RATE}`,
  });
}

interface CpuTermOptions {
  readonly id: CostTerm['id'];
  readonly title: string;
  readonly cpuMsPerOrder: number;
  readonly node: NodePrice;
}

function term(parts: Omit<CostTerm, 'cost'>): CostTerm {
  return { ...parts, cost: parts.quantity * parts.price };
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}

import type { RuntimeFacts } from '../contenders/runtime.js';
import { baseNameOf } from '../contenders/runtime.js';
import type { RunResult } from '../results/result.js';
import { plain, wholePercent } from '../text/format.js';
import type { CostRow, CostTable } from './costs-per-million-orders.js';
import { nodeOf, type Prices, vcpuHour } from './prices.js';

/** A published claim about the cost of this scenario, and what of it can be held against figures of our own. */
export interface ClaimTakenApart {
  readonly claim: Claim;
  /** In this order: number of vCPUs, price a vCPU, runtime. */
  readonly parts: readonly ClaimPart[];
  /** What follows, for a person; no sentence has a figure for an architecture on which nothing ran. */
  readonly conclusions: readonly string[];
}

/** Who said what, and where. */
export interface Claim {
  readonly text: string;
  readonly saidIn: readonly string[];
  /** The repository with the claim's own table of node sizes and relative prices. */
  readonly figuresIn: string;
}

/** One factor of a cost ratio, the cheaper over the dearer. */
export interface ClaimPart {
  readonly id: 'vcpus' | 'price-a-vcpu' | 'runtime';
  readonly title: string;
  /** The factor in the claim; null where the claim can't tell. */
  readonly claimed: number | null;
  /** The same factor here; null where it was not measured. */
  readonly here: number | null;
  /** What `here` is: a measurement of this project, a price list, or nothing. */
  readonly basis: 'measured here' | 'price list' | 'not measured';
  readonly text: string;
}

/** What to hold a claim against. */
export interface ClaimOptions {
  readonly prices: Prices;
  /** The contender on Spin and the one on Express, from one comparison; null for one that has no cost there. */
  readonly spin: CostRow | null;
  readonly express: CostRow | null;
}

/**
 * Takes "60 % cheaper" apart. Its own figures: a node of Spin's pool (D2pds v5, arm64, 2 vCPUs) at 0.40 of the price of a
 * node of the classic pool (DS3 v2, amd64, 4 vCPUs). 0.40 = 2/4 vCPUs x 0.80 for a vCPU: all of it is in the node sizes.
 * The runtime is the reason given why half the vCPUs do; nobody ran it apart from the architecture. Here it is: both
 * contenders on one machine.
 */
export function claimTakenApart({ prices, spin, express }: ClaimOptions): ClaimTakenApart {
  const parts = [vcpusPart(), priceAVcpuPart(prices), runtimePart(spin, express)];
  return { claim: CLAIM, parts, conclusions: conclusionsOf(parts) };
}

/** The contenders that the claim is about: what the app costs on Spin itself, never on the stand-in, and on Express. */
export function claimedRows(
  { rows }: Pick<CostTable, 'rows'>,
  results: readonly RunResult[],
): Pick<ClaimOptions, 'spin' | 'express'> {
  const rowOf = (baseName: string, kind: RuntimeFacts['kind']) => {
    const own = results.filter(result => result.runtime.kind === kind && baseNameOf(result) === baseName);
    return rows.find(({ contender }) => own.some(result => result.contender === contender)) ?? null;
  };
  return { spin: rowOf('spin-ts', 'spin'), express: rowOf('express-ts', 'node') };
}

const CLAIM: Claim = {
  text: 'the same number of orders in the same time, 60 % cheaper: Spin on Arm nodes against Express on x86 nodes',
  saidIn: [
    // 30 December 2024: about 60 % less.
    'https://amperecomputing.com/developer-story/zeiss',
    // 14 February 2025: the same orders in the same time, 60 % cheaper.
    'https://techelevate.us/2025/02/14/zeiss-demonstrates-the-power-of-scalable-workflows-with-ampere-altra-and-spinkube-sitepoint',
  ],
  figuresIn: 'https://github.com/ZEISS/enterprise-wasm/blob/04b1e16d8c828ea3bb244d340f2f71236680340f/README.md',
};

/** DS3 v2 has 4 vCPUs and a relative price of 1.00, D2pds v5 has 2 and 0.40; D4pds v5, with 4, has 0.80. */
const CLAIMED_NODES = { spin: { vcpus: 2, price: 0.4 }, express: { vcpus: 4, price: 1 } };
const CLAIMED_VCPUS = CLAIMED_NODES.spin.vcpus / CLAIMED_NODES.express.vcpus;
const CLAIMED_PRICE_A_VCPU = CLAIMED_NODES.spin.price / CLAIMED_NODES.express.price / CLAIMED_VCPUS;

function vcpusPart(): ClaimPart {
  return {
    id: 'vcpus',
    title: 'number of vCPUs',
    claimed: CLAIMED_VCPUS,
    here: null,
    basis: 'not measured',
    text:
      'A node of 2 vCPUs in place of one of 4, node for node. Half the vCPUs can do because the runtime needs less, ' +
      'because a vCPU of the one architecture does more than one of the other, or because the larger nodes were not ' +
      'full. The claim does not tell these apart; telling them takes both contenders on both pools of a cluster.',
  };
}

function priceAVcpuPart(prices: Prices): ClaimPart {
  const part = { id: 'price-a-vcpu', title: 'price a vCPU', claimed: CLAIMED_PRICE_A_VCPU } as const;
  const arm = nodeOf(prices, 'arm64');
  const amd = nodeOf(prices, 'amd64');
  if (!arm || !amd)
    return {
      ...part,
      here: null,
      basis: 'not measured',
      text: 'The prices do not have a node of either architecture.',
    };
  return {
    ...part,
    here: vcpuHour(arm) / vcpuHour(amd),
    basis: 'price list',
    text:
      `The claim's amd64 node is of an older generation (DS3 v2). Here ${arm.size} against ${amd.size} in ` +
      `${prices.region}, ${prices.example ? `example prices as of ${arm.hour.asOf}` : `as of ${arm.hour.asOf}`}: a price ` +
      'list, no measurement. Any runtime that has an arm64 build gets it.',
  };
}

function runtimePart(spin: CostRow | null, express: CostRow | null): ClaimPart {
  const part = { id: 'runtime', title: 'runtime: app CPU per order', claimed: null } as const;
  if (!spin || !express)
    return { ...part, here: null, basis: 'not measured', text: 'No comparison here has runs of both contenders.' };
  const { architecture } = spin.measured;
  if (architecture !== express.measured.architecture)
    return { ...part, here: null, basis: 'not measured', text: 'The two contenders ran on different architectures.' };
  const [a, b] = [spin.measured, express.measured];
  return {
    ...part,
    here: a.appCpuMsPerOrder / b.appCpuMsPerOrder,
    basis: 'measured here',
    text:
      `${a.contender} ${a.appCpuMsPerOrder.toFixed(2)} ms against ${b.contender} ${b.appCpuMsPerOrder.toFixed(2)} ms of ` +
      `app CPU per order, medians of ${a.resultIds.length} and ${b.resultIds.length} runs, both on ${architecture} ` +
      `(results ${[...a.resultIds, ...b.resultIds].join(', ')}). On another architecture it may differ.`,
  };
}

function conclusionsOf(parts: readonly ClaimPart[]): string[] {
  const claimed = CLAIMED_VCPUS * CLAIMED_PRICE_A_VCPU;
  const runtime = parts.find(({ id }) => id === 'runtime')?.here ?? null;
  const conclusions = [
    `${wholePercent(1 - claimed)} cheaper is the ratio of two node prices: ${CLAIMED_VCPUS} x the vCPUs, each at ` +
      `${CLAIMED_PRICE_A_VCPU.toFixed(2)} x the price.`,
    `With as many vCPUs on both sides, the claim's own price list leaves ${wholePercent(1 - CLAIMED_PRICE_A_VCPU)}.`,
  ];
  if (runtime !== null) {
    const takes = `Measured here, Spin takes ${plain(runtime)} times the app CPU per order`;
    conclusions.push(
      runtime <= CLAIMED_VCPUS
        ? `${takes}: the runtime alone is enough for half the vCPUs.`
        : `${takes}: the runtime alone does not halve the vCPUs.`,
    );
  }
  conclusions.push(
    'What an arm64 vCPU does against an amd64 one was not measured here, so there is no total of our own.',
  );
  return conclusions;
}

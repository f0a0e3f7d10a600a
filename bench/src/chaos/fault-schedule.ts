import { type RandomIndex, randomIndex, shuffled } from '../judge/random-index.js';
import { type FaultKind, PAST_LOCK_MS } from './fault-kinds.js';

/** A fault of a seed: what breaks when, and for how long. */
export interface PlannedFault {
  readonly kind: FaultKind;
  readonly target: string;
  /** From the start of the drain. */
  readonly atMs: number;
  /** 0 where it happens in a moment. */
  readonly durationMs: number;
  /** When the orders come that this fault meets on their way; from the start of the drain, a little before the fault. */
  readonly waveAtMs: number;
}

/** Faults of one seed. */
export const FAULTS_A_SEED = 8;

/** From one fault to the next: long enough for a healthy pipeline to take its orders, so that many faults overlap. */
const PAUSE_MS = [3_500, 5_500] as const;
/** How far a wave is on its way when its fault strikes: from the first orders to the last ones. */
const HEAD_START_MS = [100, 800] as const;
/** What was broken gets this long before it is broken again. */
const REST_MS = 1_000;

/**
 * The faults of a seed, in the order in which they strike; the same seed gives the same, whatever was run before.
 *
 * Kinds are dealt from shuffled decks that go on from seed to seed, so that any twenty seeds try each kind about equally
 * often. Faults on different things overlap; one thing is never broken in two ways at once. A stop past the lock comes
 * first, so that the others happen beside it, but last where orders come in: nothing would get past it to meet them.
 *
 * @param seed from 1
 * @param allKinds what there is to be dealt
 */
export function faultSchedule(seed: number, allKinds: readonly FaultKind[]): PlannedFault[] {
  const random = randomIndex(seed);
  // Longest first, so that none of the others has to wait for what a long stop holds.
  const kinds = dealt(seed, allKinds).sort((a, b) => Number(isLong(b)) - Number(isLong(a)));
  const stoppedLong = new Set<string>();
  const drawn = kinds.map(kind => {
    const targets = kind.targets.filter(each => !stoppedLong.has(each));
    const target = targets[random(targets.length)] as string;
    if (isLong(kind)) stoppedLong.add(target);
    return { kind, target };
  });
  const freeAtMs = new Map<string, number>();
  let atMs = 0;
  return drawn
    .sort((a, b) => turnOf(a) - turnOf(b))
    .map(({ kind, target }) => {
      const thing = kind.thing ?? target;
      atMs = Math.max(atMs + within(PAUSE_MS, random), freeAtMs.get(thing) ?? 0);
      const durationMs = kind.lastsMs ? within(kind.lastsMs, random) : 0;
      freeAtMs.set(thing, atMs + durationMs + REST_MS);
      return { kind, target, atMs, durationMs, waveAtMs: atMs - within(HEAD_START_MS, random) };
    });
}

/** No other fault is as long as a stop past the lock. */
function isLong({ lastsMs }: FaultKind): boolean {
  return lastsMs === PAST_LOCK_MS;
}

/** Where every order has to pass. */
const COMES_IN = /-(distributor|orders-api)$/;

function turnOf({ kind, target }: Pick<PlannedFault, 'kind' | 'target'>): number {
  if (!isLong(kind)) return 0;
  return COMES_IN.test(target) ? 1 : -1;
}

/** The cards of a seed: card i of all seeds is card i % n of deck i / n, and each deck has a shuffle of its own. */
function dealt(seed: number, allKinds: readonly FaultKind[]): FaultKind[] {
  const size = allKinds.length;
  return Array.from({ length: FAULTS_A_SEED }, (_, index) => {
    const card = (seed - 1) * FAULTS_A_SEED + index;
    return shuffledDeck(Math.floor(card / size), allKinds)[card % size] as FaultKind;
  });
}

/** Decks count downwards from -1, so that none shares its numbers with a seed. */
function shuffledDeck(deck: number, allKinds: readonly FaultKind[]): FaultKind[] {
  return shuffled(allKinds, randomIndex(-1 - deck));
}

/** From the first to the last of a range. */
function within([from, to]: readonly [number, number], random: RandomIndex): number {
  return from + random(to - from + 1);
}

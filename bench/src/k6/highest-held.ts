/** What is searched, and how closely. */
export interface HighestHeldOptions {
  /** Orders a second to begin with; a whole number. */
  readonly first: number;
  /** The search ends when the lowest broken rate is no further above the highest held one than this share of it. */
  readonly resolution: number;
  /** Whether a rate is held. */
  readonly isHeld: (ratePerSecond: number) => Promise<boolean>;
}

/** While nothing has broken yet, each rate is this much above the last. */
const GROWTH = 1.5;

/**
 * The highest rate that is held, by bisection on a logarithmic scale; whole orders a second, null where not even one is.
 */
export async function highestHeld({ first, resolution, isHeld }: HighestHeldOptions): Promise<number | null> {
  let held = 0;
  let broken = Number.POSITIVE_INFINITY;
  let rate = Math.max(1, Math.round(first));
  while (rate > held && rate < broken) {
    if (await isHeld(rate)) held = rate;
    else broken = rate;
    if (broken <= held * (1 + resolution)) break;
    rate = between(held, broken);
  }
  return held === 0 ? null : held;
}

/** The next rate to try; equal to an end where no whole number is left between them. */
function between(held: number, broken: number): number {
  if (broken === Number.POSITIVE_INFINITY) return Math.ceil(held * GROWTH);
  return held === 0 ? Math.floor(broken / 2) : Math.floor(Math.sqrt(held * broken));
}

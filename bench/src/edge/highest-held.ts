/** What is searched, and how closely. */
export interface HighestHeldOptions {
  /** Orders a second to begin with; a whole number. */
  readonly first: number;
  /** The search ends when the lowest broken rate is no further above the highest held one than this share of it. */
  readonly resolution: number;
  /** Whether a rate seems to be held: what the search asks, so it should be quick. */
  readonly seemsHeld: (ratePerSecond: number) => Promise<boolean>;
  /** Whether a rate is held: what the answer is asked. */
  readonly isHeld: (ratePerSecond: number) => Promise<boolean>;
}

/** While nothing has broken yet, each rate is this much above the last. */
const GROWTH = 1.5;

/**
 * The highest rate that is held; whole orders a second, null where not even one is. Bisection on a logarithmic scale finds the
 * one that seems to be; from there the search goes down until a rate is held, or up until one is not.
 */
export async function highestHeld({ isHeld, ...search }: HighestHeldOptions): Promise<number | null> {
  const factor = 1 + search.resolution;
  const above = (rate: number) => Math.max(rate + 1, Math.round(rate * factor));
  const below = (rate: number) => Math.min(rate - 1, Math.round(rate / factor));
  let rate = await bisect(search);
  if (rate >= 1 && (await isHeld(rate))) {
    while (await isHeld(above(rate))) rate = above(rate);
    return rate;
  }
  do rate = below(rate);
  while (rate >= 1 && !(await isHeld(rate)));
  return rate >= 1 ? rate : null;
}

/** 0 where no rate seems to be held. */
async function bisect({ first, resolution, seemsHeld }: Omit<HighestHeldOptions, 'isHeld'>): Promise<number> {
  let held = 0;
  let broken = Number.POSITIVE_INFINITY;
  let rate = Math.max(1, Math.round(first));
  while (rate > held && rate < broken) {
    if (await seemsHeld(rate)) held = rate;
    else broken = rate;
    if (broken <= held * (1 + resolution)) break;
    rate = between(held, broken);
  }
  return held;
}

/** The next rate to try; equal to an end where no whole number is left between them. */
function between(held: number, broken: number): number {
  if (broken === Number.POSITIVE_INFINITY) return Math.ceil(held * GROWTH);
  return held === 0 ? Math.floor(broken / 2) : Math.floor(Math.sqrt(held * broken));
}

import { binomialDistribution } from 'simple-statistics';

/**
 * The exact (Clopper-Pearson) 95 % upper bound of a share: the largest at which so few, or fewer, would be seen in 5 % of
 * all cases. 1 where nothing was tried.
 *
 * Source: C. J. Clopper, E. S. Pearson, The use of confidence or fiducial limits illustrated in the case of the binomial,
 * Biometrika 26 (1934).
 *
 * @param count of those tried, which are independent of each other.
 */
export function shareUpperBound(count: number, tried: number): number {
  if (count >= tried) return 1;
  let [low, high] = [0, 1];
  for (let step = 0; step < HALVINGS; step += 1) {
    const middle = (low + high) / 2;
    if (chanceOfAtMost(count, tried, middle) > 1 - CONFIDENCE) low = middle;
    else high = middle;
  }
  return high;
}

const CONFIDENCE = 0.95;
/** As far as halving tells two numbers below 1 apart. */
const HALVINGS = 53;

function chanceOfAtMost(count: number, tried: number, share: number): number {
  const chances = binomialDistribution(tried, share) ?? [];
  return chances.slice(0, count + 1).reduce((sum, chance) => sum + chance, 0);
}

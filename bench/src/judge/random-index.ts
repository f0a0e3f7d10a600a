import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Returns a whole number from 0 to below `count`, each as likely as any other. */
export type RandomIndex = (count: number) => number;

/** Starts a sequence of random numbers; the same seed gives the same one on every machine. */
export function randomIndex(seed: number): RandomIndex {
  const generator = xoroshiro128plus(seed);
  return count => uniformInt(generator, 0, count - 1);
}

/** Things in an order drawn at random (Fisher and Yates): each place in turn takes one of those that are left. */
export function shuffled<T>(things: readonly T[], random: RandomIndex): T[] {
  const drawn = [...things];
  for (let place = drawn.length - 1; place > 0; place--) {
    const other = random(place + 1);
    [drawn[place], drawn[other]] = [drawn[other] as T, drawn[place] as T];
  }
  return drawn;
}

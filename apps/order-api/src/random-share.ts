/** A random number from 0 to 1. Not Math.random: its seed is in a Spin component's snapshot, the same in every instance. */
export function randomShare(): number {
  const [random = 0] = crypto.getRandomValues(new Uint32Array(1));
  return random / 2 ** 32;
}

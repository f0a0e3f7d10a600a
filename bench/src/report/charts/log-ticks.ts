/** Ticks of a logarithmic axis: 1, 2 and 5 of every power of ten, or the powers alone where that is too much. */
export function logTicks(values: readonly number[]): number[] {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const steps = most / least > 200 ? [1] : [1, 2, 5];
  const powers = Array.from({ length: 12 }, (_, index) => 10 ** (index - 5));
  return powers.flatMap(power => steps.map(step => step * power)).filter(tick => tick >= least && tick <= most);
}

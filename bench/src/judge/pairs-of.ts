/** Every pair of two things, in their order: three have three pairs, five have ten. */
export function pairsOf<T>(things: readonly T[]): { readonly a: T; readonly b: T }[] {
  return things.flatMap((a, index) => things.slice(index + 1).map(b => ({ a, b })));
}

const FACTORS: Readonly<Record<string, number>> = { '': 1, m: 0.001, k: 1_000, M: 1_000_000, G: 1_000_000_000 };

/**
 * A quantity of Kubernetes as a number, as in `12`, `833m` or `1k`.
 *
 * @throws RangeError for anything else.
 */
export function quantity(text: string): number {
  const [, digits, suffix = ''] = /^(\d+(?:\.\d+)?)(m|k|M|G)?$/.exec(text) ?? [];
  if (digits === undefined) throw new RangeError(`'${text}' is no quantity that is known here`);
  return Number(digits) * (FACTORS[suffix] ?? 1);
}

/** A number with as many digits as it deserves: three significant ones, no fewer than its whole part has. */
export function plain(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return 'never';
  const size = Math.abs(value);
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : size >= 0.1 || size === 0 ? 2 : 3;
  return value.toFixed(digits).replace(/\B(?=(\d{3})+(?!\d))(?<!\.\d*)/g, ',');
}

/** A number on an axis: none of its zeros that say nothing. */
export function axisNumber(value: number): string {
  return plain(value).replace(/\.0+$|(\.\d*?)0+$/, '$1');
}

/** A share as a percentage with at most three significant digits. */
export function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3)).toLocaleString('en')} %`;
}

/** A share, 0 to 1, in whole percent: `0.104` is `10 %`. */
export function wholePercent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** A time in seconds with two digits: `12.50 s`. */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}

/** A size in whole mebibytes: `157 MiB`. */
export function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MiB`;
}

/** `a, b and c`. */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

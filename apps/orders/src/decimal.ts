/**
 * The value of a JSON number as decimal digits without zeros at either end and the power of ten of the last: the same
 * text for the same value, however it is written, and exact for any number of digits. The sign of zero is not told.
 *
 * @param number a JSON number's text
 */
export function decimalOf(number: string): string {
  const [, sign, whole = '', fraction = '', exponent = '0'] = NUMBER.exec(number) ?? [];
  const digits = whole + fraction;
  let start = 0;
  while (digits[start] === '0') start++;
  let end = digits.length;
  while (end > start && digits[end - 1] === '0') end--;
  if (start === end) return '0';
  return `${sign}${digits.slice(start, end)}e${Number(exponent) - fraction.length + digits.length - end}`;
}

/**
 * Whether a JSON number keeps its value where it is read into a double and the double is written in the shortest form
 * that reads back, as Go's encoding/json and JavaScript's JSON both do.
 *
 * @param number a JSON number's text
 */
export function fitsDouble(number: string): boolean {
  const double = Number(number);
  return Number.isFinite(double) && decimalOf(number) === decimalOf(String(double));
}

const NUMBER = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

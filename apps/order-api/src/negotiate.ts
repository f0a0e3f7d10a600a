import Negotiator from 'negotiator';

/** What an order can be shown as, by the name in its ETag, in the server's own order of preference. */
export const MEDIA_TYPES = {
  json: 'application/json',
  xml: 'application/xml',
  csv: 'text/csv',
  html: 'text/html',
} as const;

/** One of the four representations. */
export type Representation = keyof typeof MEDIA_TYPES;

/**
 * The representation that a caller wants most, by RFC 9110, section 12.5.1: the most specific range decides a type's
 * quality, 0 is a refusal, and among equals the server's order decides. Without a header, and with one that holds no range
 * at all, everything is welcome.
 *
 * @returns undefined where nothing is acceptable: 406.
 */
export function negotiate(
  accept: string | undefined,
  offered: readonly Representation[] = REPRESENTATIONS,
): Representation | undefined {
  const [first] = offered;
  if (accept === undefined || accept.trim() === '') return first;
  const types = offered.map(name => MEDIA_TYPES[name]);
  const [wanted] = new Negotiator({ headers: { accept } }).mediaTypes(types);
  return offered.find(name => MEDIA_TYPES[name] === wanted);
}

/** All four, in the server's order. */
const REPRESENTATIONS = Object.keys(MEDIA_TYPES) as readonly Representation[];

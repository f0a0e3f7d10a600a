import type { Representation } from './negotiate.js';

/** The validator of one representation of a written order: its text differs with its media type. */
export function orderETag(md5: string, representation: Representation): string {
  return `"${md5}-${representation}"`;
}

/** What a condition of a request says of what is there. */
export type Precondition = 'holds' | 'fails' | 'missing' | 'malformed';

/**
 * `If-None-Match` of a GET (RFC 9110, section 13.1.2): whether the caller has it already, so that 304 is the answer. Weak
 * comparison. A header that is none is none: the caller gets the whole.
 */
export function isNotModified(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  return (entityTags(ifNoneMatch) ?? []).some(tag => withoutWeakness(tag) === withoutWeakness(etag));
}

/**
 * `If-Match` of a change (RFC 9110, section 13.1.1): `missing` is 428, `fails` 412, `malformed` 400. Strong comparison: a weak
 * tag never matches.
 *
 * @param etag of what is there now.
 */
export function mayChange(ifMatch: string | undefined, etag: string): Precondition {
  if (ifMatch === undefined) return 'missing';
  if (ifMatch.trim() === '*') return 'holds';
  const tags = entityTags(ifMatch);
  if (!tags || tags.length === 0) return 'malformed';
  return tags.some(tag => tag === etag && !tag.startsWith('W/')) ? 'holds' : 'fails';
}

const ENTITY_TAG = /(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"/y;
const BETWEEN = /[\t ]*(?:(?:,[\t ]*)+|$)/y;

/** The tags of a list (RFC 9110, section 8.8.3); undefined for text that is no such list. */
function entityTags(list: string): string[] | undefined {
  const tags: string[] = [];
  let at = after(/[\t ,]*/y, list, 0) ?? 0;
  while (at < list.length) {
    const end = after(ENTITY_TAG, list, at);
    if (end === undefined) return undefined;
    tags.push(list.slice(at, end));
    const next = after(BETWEEN, list, end);
    if (next === undefined) return undefined;
    at = next;
  }
  return tags;
}

/** Where a sticky pattern ends that begins at a place; undefined where it does not. */
function after(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

function withoutWeakness(tag: string): string {
  return tag.replace(/^W\//, '');
}

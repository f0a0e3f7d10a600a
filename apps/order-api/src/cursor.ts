/** Where a list goes on: the storage's own marker, which no caller should read anything into. */
export interface Page {
  readonly limit: number;
  /** Absent at the beginning. */
  readonly marker?: string;
}

/** Most entries of a page. */
export const MAX_PAGE = 200;
const USUAL_PAGE = 50;

/** What is wrong with the query of a list, for the caller. */
export interface BadPage {
  readonly field: 'limit' | 'cursor';
  readonly detail: string;
}

/** Reads `limit` and `cursor` of a query. */
export function readPage(query: URLSearchParams): Page | BadPage {
  const limit = valueIn(query, 'limit') ?? String(USUAL_PAGE);
  if (!/^\d{1,3}$/.test(limit) || Number(limit) < 1 || Number(limit) > MAX_PAGE)
    return { field: 'limit', detail: `limit takes a whole number from 1 to ${MAX_PAGE}` };
  const cursor = valueIn(query, 'cursor');
  if (cursor === undefined) return { limit: Number(limit) };
  const marker = markerOf(cursor);
  if (marker === undefined)
    return { field: 'cursor', detail: 'cursor is none that this API gave: take it from the Link header' };
  return { limit: Number(limit), marker };
}

/** A parameter's value; undefined where it is not there. Of an empty one Spin's JavaScript engine says that it is null. */
export function valueIn(query: URLSearchParams, name: string): string | undefined {
  return query.get(name) ?? (query.has(name) ? '' : undefined);
}

/** A marker as a cursor in a URL. */
export function cursorOf(marker: string): string {
  const bytes = new TextEncoder().encode(marker);
  return btoa(String.fromCharCode(...bytes))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=+$/, '');
}

/** The next page's path with its query. */
export function pathOfNext(path: string, query: Readonly<Record<string, string | number>>, marker: string): string {
  const others = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}&`);
  return `${path}?${others.join('')}cursor=${cursorOf(marker)}`;
}

/** The value of a `Link` header to the next page (RFC 8288), with the query's other parameters. */
export function nextLink(path: string, query: Readonly<Record<string, string | number>>, marker: string): string {
  return `<${pathOfNext(path, query, marker)}>; rel="next"`;
}

function markerOf(cursor: string): string | undefined {
  if (!/^[\w-]+$/.test(cursor)) return undefined;
  try {
    const bytes = Uint8Array.from(atob(cursor.replace(/-/g, '+').replace(/_/g, '/')), character =>
      character.charCodeAt(0),
    );
    const marker = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    // Base64 has more than one spelling of some texts; only ours counts.
    return cursorOf(marker) === cursor ? marker : undefined;
  } catch {
    return undefined;
  }
}

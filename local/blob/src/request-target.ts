import { storageError } from './storage-error.js';

/** What a request's URL names, path-style: `/<account>[/<container>[/<blob>]]?<query>`. */
export interface RequestTarget {
  /** The path exactly as it was sent, which is what the signature covers. */
  readonly encodedPath: string;
  readonly account: string;
  readonly container: string | undefined;
  readonly blob: string | undefined;
  /** Decoded, names in lower case. */
  readonly query: ReadonlyMap<string, string>;
}

/**
 * Takes a request's URL apart. Not with `URL`, which would resolve `..` in a blob's name.
 *
 * @throws StorageError InvalidUri when the path or the query cannot be decoded, InvalidQueryParameterValue when the query
 * has a parameter twice.
 */
export function parseTarget(url: string): RequestTarget {
  const mark = url.indexOf('?');
  const encodedPath = mark < 0 ? url : url.slice(0, mark);
  const containerAt = encodedPath.indexOf('/', 1);
  if (containerAt < 0) return { encodedPath, ...none, account: encodedPath.slice(1), query: parseQuery(url, mark) };
  const blobAt = encodedPath.indexOf('/', containerAt + 1);
  const container = blobAt < 0 ? encodedPath.slice(containerAt + 1) : encodedPath.slice(containerAt + 1, blobAt);
  const blob = blobAt < 0 ? '' : encodedPath.slice(blobAt + 1);
  return {
    encodedPath,
    account: encodedPath.slice(1, containerAt),
    container: container === '' ? undefined : decode(container),
    blob: blob === '' ? undefined : decode(blob),
    query: parseQuery(url, mark),
  };
}

const none = { container: undefined, blob: undefined } as const;
const NO_QUERY: ReadonlyMap<string, string> = new Map();

function parseQuery(url: string, mark: number): ReadonlyMap<string, string> {
  if (mark < 0 || mark === url.length - 1) return NO_QUERY;
  const query = new Map<string, string>();
  for (const pair of url.slice(mark + 1).split('&')) {
    const equals = pair.indexOf('=');
    const name = equals < 0 ? pair : pair.slice(0, equals);
    const value = equals < 0 ? '' : pair.slice(equals + 1).replaceAll('+', ' ');
    const decoded = decode(name).toLowerCase();
    // Of two the service would heed both, in ways of its own.
    if (query.has(decoded)) throw storageError('InvalidQueryParameterValue', { detail: `${decoded} is there twice.` });
    query.set(decoded, decode(value));
  }
  return query;
}

function decode(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    throw storageError('InvalidUri', { detail: `"${text}" is not percent-encoded UTF-8.` });
  }
}

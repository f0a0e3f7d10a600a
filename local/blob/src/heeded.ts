import type { BlobRequest } from './blob-request.js';
import { METADATA_PREFIX } from './metadata.js';
import { storageError } from './storage-error.js';

/** What one operation heeds of a request beside its method and its path. */
export interface Heeded {
  /** Headers in lower case; {@link METADATA_PREFIX} for all metadata. */
  readonly headers?: readonly string[];
  /** Query parameters in lower case. */
  readonly query?: readonly string[];
}

/** The conditional headers. */
export const CONDITIONS = ['if-match', 'if-none-match', 'if-modified-since', 'if-unmodified-since'] as const;

/**
 * Makes the check of one operation: whatever a request asks for that the operation does not heed is refused, for to
 * ignore it would answer something else than what was asked. Of headers those ask for something that the API gives a
 * meaning: all that begin with x-ms-, and HTTP's own conditions, ranges and checksums.
 *
 * @returns a check that throws StorageError NotImplemented, or InvalidQueryParameterValue for a timeout that is no number.
 */
export function heeding({ headers: named = [], query: parameters = [] }: Heeded): (request: BlobRequest) => void {
  const heeded = new Set<string>([...ALWAYS, ...named]);
  const heedsMetadata = heeded.has(METADATA_PREFIX);
  const heededQuery = new Set(['timeout', ...parameters]);
  return ({ headers, target }) => {
    for (const name in headers) {
      if (heeded.has(name) || (!name.startsWith('x-ms-') && !ASKING.has(name))) continue;
      if (heedsMetadata && name.startsWith(METADATA_PREFIX)) continue;
      throw storageError('NotImplemented', { detail: `The header ${name}.` });
    }
    for (const name of target.query.keys()) {
      if (!heededQuery.has(name)) throw storageError('NotImplemented', { detail: `The query parameter ${name}.` });
    }
    // Nothing here takes as long as the shortest time that it could ask for.
    const timeout = target.query.get('timeout');
    if (timeout !== undefined && !/^\d{1,9}$/.test(timeout)) {
      throw storageError('InvalidQueryParameterValue', { detail: `timeout "${timeout}" must be whole seconds.` });
    }
  };
}

/** What the endpoint heeds, of every request. */
const ALWAYS = ['x-ms-date', 'x-ms-version', 'x-ms-client-request-id'];

const ASKING: ReadonlySet<string> = new Set([...CONDITIONS, 'if-range', 'range', 'content-md5']);

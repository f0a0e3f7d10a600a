/** What an AMQP address names. */
export type Address =
  | { readonly kind: 'cbs' }
  | { readonly kind: 'entity' | 'management'; readonly queue: string; readonly isDeadLetters: boolean };

const MANAGEMENT = '/$management';
const DEAD_LETTERS = '/$deadletterqueue';
/** Scheme and authority of a URL, which some clients put before the path. */
const SCHEME_AND_HOST = /^[a-z][a-z0-9+.-]*:\/\/[^/]*/;

/**
 * Reads `$cbs`, `<queue>`, `<queue>/$DeadLetterQueue` and either with `/$management`. Case does not matter, nor do slashes
 * around it, and it may be the path of a URL: `q`, `/q` and `amqps://host:5671/q` are one queue.
 */
export function readAddress(address: string): Address {
  const path = nodeOf(address);
  if (path === '$cbs') return { kind: 'cbs' };
  const kind = path.endsWith(MANAGEMENT) ? 'management' : 'entity';
  const entity = kind === 'management' ? path.slice(0, -MANAGEMENT.length) : path;
  const isDeadLetters = entity.endsWith(DEAD_LETTERS);
  return { kind, queue: isDeadLetters ? entity.slice(0, -DEAD_LETTERS.length) : entity, isDeadLetters };
}

/** The name of the node that an address leads to: the same text for every way to write it. */
export function nodeOf(address: string): string {
  const lower = address.toLowerCase();
  const [prefix] = SCHEME_AND_HOST.exec(lower) ?? [];
  const path = prefix === undefined ? lower : unescaped(lower.slice(prefix.length));
  return path.replace(/^\/+|\/+$/g, '');
}

/** Whether an address has a scheme and a host before its path. */
export function isUrl(address: string): boolean {
  return SCHEME_AND_HOST.test(address.toLowerCase());
}

/** Text without percent escapes, or as it is where they are none. */
function unescaped(path: string): string {
  try {
    return decodeURIComponent(path).toLowerCase();
  } catch {
    return path;
  }
}

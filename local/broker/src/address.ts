/** What an AMQP address names. */
export type Address =
  | { readonly kind: 'cbs' }
  | { readonly kind: 'entity' | 'management'; readonly queue: string; readonly isDeadLetters: boolean };

const MANAGEMENT = '/$management';
const DEAD_LETTERS = '/$deadletterqueue';

/** Reads `$cbs`, `<queue>`, `<queue>/$DeadLetterQueue` and either with `/$management`; case does not matter. */
export function readAddress(address: string): Address {
  const lower = address.toLowerCase();
  if (lower === '$cbs') return { kind: 'cbs' };
  const kind = lower.endsWith(MANAGEMENT) ? 'management' : 'entity';
  const entity = kind === 'management' ? lower.slice(0, -MANAGEMENT.length) : lower;
  const isDeadLetters = entity.endsWith(DEAD_LETTERS);
  return { kind, queue: isDeadLetters ? entity.slice(0, -DEAD_LETTERS.length) : entity, isDeadLetters };
}

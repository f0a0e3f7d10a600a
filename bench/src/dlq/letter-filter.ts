import type { DeadLetter } from '../verify/dead-letters.js';

/** Which dead letters are meant: those that every given expression matches somewhere; all, where none is given. */
export interface LetterFilter {
  readonly reason?: RegExp | undefined;
  readonly messageId?: RegExp | undefined;
  readonly description?: RegExp | undefined;
}

/** Whether a dead letter passes the filter. */
export function passes(letter: DeadLetter, { reason, messageId, description }: LetterFilter): boolean {
  return (
    (reason?.test(letter.reason) ?? true) &&
    (messageId?.test(letter.messageId) ?? true) &&
    (description?.test(letter.description) ?? true)
  );
}

/** The command was called wrongly, or something it needs is missing: exit code 2, the message and no stack. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

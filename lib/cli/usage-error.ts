/** A command that is wrong as it was given. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

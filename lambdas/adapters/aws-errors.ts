import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
/** Thrown when other writers got in the way at every attempt to write a process: trying again later helps. */
export class ContentionError extends Error {
  override readonly name = 'ContentionError';
}

/** Whether a service called a request invalid: it would say so again. */
export function isInvalidRequest({ name }: Error): boolean {
  return name === 'ValidationException';
}

/** DynamoDB has no exception of its own for this; the two texts are in its reference of UpdateItem. */
export function isItemTooLarge({ message }: Error): boolean {
  return /item size .*exceeded the maximum/i.test(message);
}

/**
 * Whether an error says nothing about the update that met it: a service, the network or the permissions fail, so that
 * other updates would fare alike, or other writers were in the way. Errors that a service answers carry `$metadata`, those
 * of the network a code such as ECONNRESET; Node.js's own codes, ERR_…, tell of mistakes in the code.
 */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error) || isInvalidRequest(error)) return false;
  const code = 'code' in error ? String(error.code) : 'ERR_';
  return (
    ['ContentionError', 'TimeoutError'].includes(error.name) ||
    '$metadata' in error ||
    !code.startsWith('ERR_')
  );
}

/** Whether the condition of a write held, which is being made. */
export async function isWritten(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

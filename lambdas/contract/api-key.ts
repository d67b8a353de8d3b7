import { createHash } from 'node:crypto';

/** A key is stored as its SHA-256 in hex, never itself. Keys are random, so no salt is needed. */
export function hashKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

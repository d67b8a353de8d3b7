/**
 * What API keys may do, from the least to the most. Each includes those before it.
 *
 * - `read`: reads
 * - `plan`: also tries out: dry runs
 * - `write`: everything
 */
export const SCOPES = ['read', 'plan', 'write'] as const;

export type Scope = (typeof SCOPES)[number];

/** The scope of keys that were created before there were scopes. */
export const DEFAULT_SCOPE: Scope = 'write';

/** Whether a scope includes another one. */
export function includesScope(scope: Scope, needed: Scope): boolean {
  return SCOPES.indexOf(scope) >= SCOPES.indexOf(needed);
}

export function isScope(value: unknown): value is Scope {
  return (SCOPES as readonly unknown[]).includes(value);
}

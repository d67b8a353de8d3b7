/**
 * A header Authorization that may carry an API key: one space, and a token as RFC 6750 has it. A key has no other
 * spelling but the letter case of its scheme, so that the limit of each key, which ignores letter case, counts all of its
 * requests together. API Gateway asks the authorizer about nothing else.
 */
export const BEARER = '^[Bb][Ee][Aa][Rr][Ee][Rr] ([A-Za-z0-9._~+/-]+=*)$';

/** Returns the API key in a header Authorization; undefined if it carries none. */
export function keyOf(authorization: string | undefined): string | undefined {
  return new RegExp(BEARER).exec(authorization ?? '')?.[1];
}

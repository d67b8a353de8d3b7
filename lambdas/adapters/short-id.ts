const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** Before an id that is not shortened. A short one does not have it. */
const AS_IT_IS = '.';

/** A UUID in 22 characters instead of 36: random ones are most of what there is to store of results. */
export function shortId(id: string): string {
  return UUID.test(id)
    ? Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url')
    : `${AS_IT_IS}${id}`;
}

/** The id that was shortened. */
export function longId(short: string): string {
  if (short.startsWith(AS_IT_IS)) return short.slice(AS_IT_IS.length);
  const hex = Buffer.from(short, 'base64url').toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

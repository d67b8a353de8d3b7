/** Longer names are not repeated: an item's errors must not outgrow the item. */
const MAX_SEGMENT = 256;

/** A JSON pointer (RFC 6901) to the place that `segments` lead to, or to the last before an endless name. */
export function jsonPointer(...segments: readonly (string | number)[]): string {
  const endless = segments.findIndex((segment) => String(segment).length > MAX_SEGMENT);
  return (endless < 0 ? segments : segments.slice(0, endless))
    .map((segment) => `/${String(segment).replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('');
}

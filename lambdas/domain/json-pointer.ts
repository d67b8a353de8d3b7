/** Longer names are not repeated, nor longer paths: an item's errors must not outgrow the item. */
const MAX_SEGMENT = 256;
const MAX_POINTER = 1024;

/** A JSON pointer (RFC 6901) to the place that `segments` lead to, or as far as it does not grow endless. */
export function jsonPointer(...segments: readonly (string | number)[]): string {
  let pointer = '';
  for (const segment of segments) {
    const name = String(segment);
    if (name.length > MAX_SEGMENT) break;
    const next = `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    if (next.length > MAX_POINTER) break;
    pointer = next;
  }
  return pointer;
}

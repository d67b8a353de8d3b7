/** Longer names are not repeated, nor longer paths: an item's errors must not outgrow the item. */
const MAX_SEGMENT = 256;
const MAX_POINTER = 1024;

/** The way to a place in a JSON text. */
export interface Pointer {
  /** The JSON pointer (RFC 6901) to the place, or to the last place before it that is not too long to tell. */
  text: string;
  isCut: boolean;
}

export const ROOT: Pointer = { text: '', isCut: false };

/** The pointer to a member of the place that `parent` points to. */
export function memberPointer(parent: Pointer, member: string | number): Pointer {
  if (parent.isCut) return parent;
  const name = String(member);
  const isNameShort = name.length <= MAX_SEGMENT;
  const text = isNameShort ? `${parent.text}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}` : '';
  const isCut = !isNameShort || text.length > MAX_POINTER;
  return { text: isCut ? parent.text : text, isCut };
}

/** The JSON pointer to the place that `segments` lead to. */
export function jsonPointer(...segments: readonly (string | number)[]): string {
  return segments.reduce(memberPointer, ROOT).text;
}

const [QUOTE, BACKSLASH, BRACE, END_OF_BRACE, BRACKET, END_OF_BRACKET] = Array.from('"\\{}[]', (sign) =>
  sign.charCodeAt(0),
);

/**
 * Whether a text is nested more deeply than that, found out before it is parsed: parsing 20 MiB of `[` takes more than a
 * gigabyte.
 * @param text - JSON, valid or not
 */
export function isNestedBeyond(text: string, maximum: number): boolean {
  let levels = 0;
  let isInString = false;
  for (let position = 0; position < text.length; position++) {
    const character = text.charCodeAt(position);
    if (isInString) {
      if (character === BACKSLASH) position += 1;
      else if (character === QUOTE) isInString = false;
    } else if (character === QUOTE) {
      isInString = true;
    } else if (character === BRACE || character === BRACKET) {
      levels += 1;
      if (levels > maximum) return true;
    } else if (character === END_OF_BRACE || character === END_OF_BRACKET) {
      levels -= 1;
    }
  }
  return false;
}

const [QUOTE, BACKSLASH, BRACE, END_OF_BRACE, BRACKET, END_OF_BRACKET, COMMA] = Buffer.from('"\\{}[],');

/** Where a member of an object stands in its text, from behind the bracket or comma before it. */
interface Member {
  name: string;
  start: number;
  end: number;
}

/**
 * Returns the text of a JSON object as if one of its members had not been written. All else stays, byte for byte.
 * @param text - of an object that has the member once at most, and others
 */
export function withoutMember(text: string, name: string): string {
  let isFirst = true;
  for (const member of membersOf(text)) {
    if (member.name === name) {
      const { start, end } = member;
      // The first member takes the comma behind it along, any other the one before it.
      return isFirst
        ? text.slice(0, start) + text.slice(end + 1)
        : text.slice(0, start - 1) + text.slice(end);
    }
    isFirst = false;
  }
  return text;
}

/** Finds the members of an object without parsing their values, which are megabytes. */
function* membersOf(text: string): Generator<Member, void, void> {
  let levels = 0;
  let start = 0;
  let name: string | undefined;
  for (let position = 0; position < text.length; position++) {
    const character = text.charCodeAt(position);
    if (character === QUOTE) {
      const end = endOfString(text, position);
      if (levels === 1) name ??= JSON.parse(text.slice(position, end));
      position = end - 1;
    } else if (character === BRACE || character === BRACKET) {
      levels += 1;
      if (levels === 1) start = position + 1;
    } else if (character === END_OF_BRACE || character === END_OF_BRACKET) {
      levels -= 1;
      if (levels === 0 && name !== undefined) yield { name, start, end: position };
    } else if (character === COMMA && levels === 1 && name !== undefined) {
      yield { name, start, end: position };
      start = position + 1;
      name = undefined;
    }
  }
}

function endOfString(text: string, start: number): number {
  let position = start + 1;
  while (text.charCodeAt(position) !== QUOTE) position += text.charCodeAt(position) === BACKSLASH ? 2 : 1;
  return position + 1;
}

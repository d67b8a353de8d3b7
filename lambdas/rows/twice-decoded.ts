/** The byte of each character of Windows-1252. */
const BYTES = new Map(
  Array.from({ length: 256 }, (_, byte): [string, number] => [
    new TextDecoder('windows-1252').decode(Uint8Array.of(byte), { stream: true }),
    byte,
  ]),
);

/**
 * Returns what a text read before its UTF-8 was taken for Windows-1252: `Müller` for `MÃ¼ller`. Undefined if that did
 * not happen, as far as can be seen.
 */
export function decodedOnce(text: string): string | undefined {
  // Two bytes of a character in UTF-8. Hardly any other text has such letters beside each other.
  if (!/[\u00C2-\u00F4][\u0080-\u2122]/.test(text)) return undefined;
  const bytes = Array.from(text, (character) => BYTES.get(character));
  if (bytes.includes(undefined)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(bytes as number[]));
  } catch {
    return undefined;
  }
}

/** A sign that stands for itself in a quoted name: printable ASCII but quotation marks, backslashes and percent signs. */
const PLAIN = /^[\w !#$&'()*+,./:;<=>?@[\]^`{|}~-]$/;

/**
 * The header that makes a browser save a response under a name, also one that is not ASCII (RFC 6266, appendix D:
 * `filename` is for clients that do not know `filename*`).
 */
export function attachment(fileName: string): string {
  const ascii = Array.from(fileName, (sign) => (PLAIN.test(sign) ? sign : '_')).join('');
  // encodeURIComponent leaves these four, which RFC 8187 does not allow.
  const encoded = encodeURIComponent(fileName).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}

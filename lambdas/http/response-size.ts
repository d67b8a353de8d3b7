/**
 * A function's response has at most 6 MB as JSON, headers included, for which the rest is left.
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
export const MAX_RESPONSE_BYTES = 6_000_000;

/** The bytes of a text in a function's response, which is JSON and holds the text as a string. */
export function bytesInResponse(text: string): number {
  return Buffer.byteLength(JSON.stringify(text));
}

/** Returns the first parts of a response, as many as fit into it, and at least one. */
export function firstThatFit<Part>(parts: readonly Part[]): Part[] {
  let bytes = 0;
  const end = parts.findIndex((part) => {
    bytes += bytesInResponse(JSON.stringify(part));
    return bytes > MAX_RESPONSE_BYTES;
  });
  return parts.slice(0, end === -1 ? parts.length : Math.max(end, 1));
}

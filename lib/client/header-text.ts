const HEADER_TEXT = /^[\x20-\x7e]*$/;

/** `fetch` refuses it too, but that looks as if there were no response, and is retried. */
export function assertHeaderText(what: string, text = ''): void {
  if (HEADER_TEXT.test(text)) return;
  throw new TypeError(`The ${what} has characters that a header cannot hold. Use printable ASCII.`);
}

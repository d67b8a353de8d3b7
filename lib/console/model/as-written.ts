declare global {
  interface JSON {
    /** https://tc39.es/proposal-json-parse-with-source/#sec-json.rawjson */
    rawJSON(text: string): unknown;
  }
}

/**
 * Parses JSON so that numbers are written as they were, including those that were refused as not exact. Browsers older
 * than 2025 round them.
 */
export function parseAsWritten(text: string): unknown {
  const asWritten = (_key: string, value: unknown, context?: { source?: string }) => {
    const isChanged = typeof value === 'number' && context?.source !== String(value);
    return isChanged && context?.source !== undefined ? JSON.rawJSON(context.source) : value;
  };
  return JSON.parse(text, asWritten);
}

/** Whether a value is an object of JSON: neither null nor an array, which are objects in JavaScript. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

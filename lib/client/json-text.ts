/**
 * Writes a value as JSON.
 * @param name - of the value, e.g. `items`
 * @throws TypeError that names the place of a value that `JSON.stringify` would change to null, which clears a field, or
 * drop
 */
export function jsonText(name: string, value: unknown): string {
  // The place of each object that was visited last. Its members follow immediately.
  const places = new WeakMap<object, string>();
  // JSON.stringify calls it with the object that has the value, and with what `toJSON` returned.
  function checked(this: Readonly<Record<string, unknown>>, key: string, json: unknown): unknown {
    const before = this[key];
    const holder = places.get(this);
    const place = holder === undefined ? name : `${holder}${step(key, this)}`;
    const fault = faultOf(before, json, Array.isArray(this));
    if (fault !== undefined) {
      throw new TypeError(
        `${place} is ${fault}. Send null to clear a field, and omit a field to leave it unchanged.`,
      );
    }
    if (typeof json === 'object' && json !== null) places.set(json, place);
    return json;
  }
  return JSON.stringify(value, checked) ?? 'null';
}

function step(key: string, holder: object): string {
  if (Array.isArray(holder)) return `[${key}]`;
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

/** Returns what would be lost, as the end of a sentence. */
function faultOf(before: unknown, json: unknown, isElement: boolean): string | undefined {
  const value = json instanceof Number ? json.valueOf() : json;
  if (typeof value === 'number' && !Number.isFinite(value)) return `${value}, which JSON changes to null`;
  if (value === null && before !== null) {
    return before instanceof Date
      ? 'an invalid Date, which JSON changes to null'
      : 'changed to null by its toJSON';
  }
  if (value === undefined && (isElement || before !== undefined)) {
    return before === undefined
      ? 'undefined, which JSON changes to null in an array'
      : 'dropped by its toJSON';
  }
  if (typeof value === 'bigint') return 'a BigInt, which JSON does not have. Send it as text with its digits';
  if (typeof value === 'function' || typeof value === 'symbol')
    return `a ${typeof value}, which JSON does not have`;
  return typeof value === 'object' && value !== null ? faultOfObject(value) : undefined;
}

/** Finds objects of the language, such as a Map, whose content JSON drops. Wrapped values are written as values. */
function faultOfObject(value: object): string | undefined {
  const kind = Object.prototype.toString.call(value).slice('[object '.length, -1);
  return ['Object', 'Array', 'String', 'Number', 'Boolean', 'Arguments'].includes(kind)
    ? undefined
    : `of type ${kind}, which JSON does not have`;
}

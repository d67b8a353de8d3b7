/**
 * A value as JSON.
 * @param name - of the value, e.g. `items`
 * @throws TypeError that names the place of what `JSON.stringify` would turn into null, which clears a field, or leave out
 */
export function jsonText(name: string, value: unknown): string {
  // Of each object, the place where it was met last: its members follow at once.
  const places = new WeakMap<object, string>();
  // JSON.stringify calls it with the object that holds the value, and with what `toJSON` made of that.
  function checked(this: Readonly<Record<string, unknown>>, key: string, json: unknown): unknown {
    const before = this[key];
    const holder = places.get(this);
    const place = holder === undefined ? name : `${holder}${step(key, this)}`;
    const fault = faultOf(before, json, Array.isArray(this));
    if (fault !== undefined) {
      throw new TypeError(
        `${place} is ${fault}. Send null to clear a field, and leave out what is to stay as it is.`,
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

/** @returns what would be lost, as the end of a sentence */
function faultOf(before: unknown, json: unknown, isElement: boolean): string | undefined {
  const value = json instanceof Number ? json.valueOf() : json;
  if (typeof value === 'number' && !Number.isFinite(value)) return `${value}, which JSON turns into null`;
  if (value === null && before !== null) {
    return before instanceof Date
      ? 'an invalid Date, which JSON turns into null'
      : 'turned into null by its toJSON';
  }
  if (value === undefined && (isElement || before !== undefined)) {
    return before === undefined
      ? 'undefined, which JSON turns into null in an array'
      : 'turned into nothing by its toJSON';
  }
  if (typeof value === 'bigint') return 'a BigInt, which JSON does not have. Send it as text with its digits';
  if (typeof value === 'function' || typeof value === 'symbol')
    return `a ${typeof value}, which JSON does not have`;
  return typeof value === 'object' && value !== null ? faultOfObject(value) : undefined;
}

/** Objects of the language keep what they hold where JSON does not see it, but for those that are wrapped values. */
function faultOfObject(value: object): string | undefined {
  const kind = Object.prototype.toString.call(value).slice('[object '.length, -1);
  return ['Object', 'Array', 'String', 'Number', 'Boolean', 'Arguments'].includes(kind)
    ? undefined
    : `of type ${kind}, which JSON does not have`;
}

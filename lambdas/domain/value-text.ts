import { createHash } from 'node:crypto';
import type { AttributeValue } from '../contract/procedure.ts';
import { isMap, valueView } from './process.ts';

/** Longer texts are kept as a hash. */
const MAX_TEXT = 200;
const HASH = '#';

/**
 * A stored value as a text that tells it apart from others: its JSON with the members of objects and sets in order, so that
 * it rides in a message whatever another system keeps there; a hash where that is long.
 */
export function valueText(value: unknown): string {
  const text = JSON.stringify(inOrder(value ?? null));
  if (text.length <= MAX_TEXT) return text;
  return `${HASH}${createHash('sha256').update(text).digest('base64url')}`;
}

function inOrder(value: unknown): unknown {
  if (value instanceof Set)
    return { set: Array.from(value, (member) => JSON.stringify(valueView(member))).sort() };
  if (value instanceof Uint8Array) return { bytes: valueView(value) };
  if (Array.isArray(value)) return value.map(inOrder);
  if (!isMap(value)) return value;
  const names = Object.keys(value).sort();
  return { map: names.map((name) => [name, inOrder(value[name])]) };
}

/** The value that such a text stands for, where a condition of a write can hold it; undefined where only a read tells. */
export function plainValue(text: string): AttributeValue | null | undefined {
  if (text.startsWith(HASH) || text.startsWith('[') || text.startsWith('{')) return undefined;
  const value = JSON.parse(text) as AttributeValue | null;
  // More digits than a double holds.
  return JSON.stringify(value) === text ? value : undefined;
}

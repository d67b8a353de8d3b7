import { NumberValue } from '@aws-sdk/lib-dynamodb';
import { significantDigits } from '../contract/numbers.ts';

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
export const MAX_STORED_BYTES = 400 * 1024;

/**
 * The size of an item as DynamoDB counts it, of the values that the document client reads and writes.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export function itemBytes(item: object): number {
  return members(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueBytes(value), 0);
}

/** Not what is undefined: that is not stored. */
function members(item: object): [string, unknown][] {
  return Object.entries(item).filter(([, value]) => value !== undefined);
}

function valueBytes(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'number' || value instanceof NumberValue) return numberBytes(String(value));
  if (value instanceof Uint8Array) return value.length;
  if (value instanceof Set) return [...value].reduce((sum, member) => sum + valueBytes(member), 0);
  // A list or map takes three bytes, and one for each of its members.
  if (Array.isArray(value)) return value.reduce((sum, member) => sum + 1 + valueBytes(member), 3);
  if (typeof value === 'object' && value !== null) return itemBytes(value) + members(value).length + 3;
  return 1;
}

/** About one byte for two significant digits, and one more. */
function numberBytes(text: string): number {
  const [mantissa = ''] = text.toLowerCase().split('e', 1);
  const { first, end } = significantDigits(mantissa.replace(/\D/g, ''));
  return Math.ceil((end - first) / 2) + 1 + (text.startsWith('-') ? 1 : 0);
}

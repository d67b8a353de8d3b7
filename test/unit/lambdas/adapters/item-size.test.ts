import { NumberValue } from '@aws-sdk/lib-dynamodb';
import { expect, test } from 'vitest';
import { itemBytes } from '../../../../lambdas/adapters/item-size.ts';

// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
test.each<[string, object, number]>([
  ['a name and a text count their bytes in UTF-8', { ü: '東京' }, 2 + 6],
  ['null and a truth value take one byte', { a: null, b: true }, 2 + 2],
  ['what is undefined is not stored', { a: 'x', b: undefined }, 1 + 1],
  ['a number takes a byte for two significant digits, and one', { a: 12_345 }, 1 + 4],
  ['zeros at either end of a number do not count', { a: NumberValue.from('0.00120000') }, 1 + 2],
  ['the sign of a number takes a byte', { a: -1 }, 1 + 3],
  ['the exponent of a number does not count', { a: 1e100 }, 1 + 2],
  ['bytes count as they are', { a: new Uint8Array(5) }, 1 + 5],
  ['a set takes what its members take', { a: new Set(['x', 'yz']) }, 1 + 3],
  ['a list takes three bytes, and one for each member', { a: ['x', 'y'] }, 1 + 3 + 2 + 2],
  ['a map takes the same', { a: { b: 'x' } }, 1 + 3 + 1 + 1 + 1],
])('%s', (_what, item, bytes) => expect(itemBytes(item)).toBe(bytes));

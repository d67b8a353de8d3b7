import { convertToNative } from '@aws-sdk/util-dynamodb';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UNMARSHALL_OPTIONS } from '../../../../lambdas/adapters/document-client.ts';
import { readImages, writeImages } from '../../../../lambdas/adapters/image-text.ts';
import type { FieldName } from '../../../../lambdas/domain/field.ts';

/** A stored value as it comes back with the image of an entry. */
function afterStoring(before: unknown): unknown {
  const image = new Map([['data.x' as const, { before, of: 7, written: 'mark' }]]);
  return readImages(writeImages(new Map([[0, image]])))
    .get(0)
    ?.get('data.x')?.before;
}

test.for<[string, unknown]>([
  ['text', 'Köln \u0000 "'],
  ['text that looks like bytes', 'base64:AA=='],
  ['a number', -0.5],
  ['yes and no', false],
  ['nothing', null],
  ['no value', undefined],
  ['a list', [1, 'a', null, ['b'], { c: true }]],
  ['an object', { a: 1, b: { c: [null] } }],
  ['members called as types of DynamoDB are', { B: 'x', BS: ['x'], S: 1, M: { B: { B: 'base64:AA==' } } }],
  [
    'members called as parts of an object are',
    { constructor: 'a', toJSON: 'b', hasOwnProperty: { constructor: 1 } },
  ],
  ['bytes', new Uint8Array([0, 255, 1])],
  ['no bytes', new Uint8Array()],
  ['a set of texts', new Set(['a', 'b'])],
  ['a set of numbers', new Set([1, 2.5])],
  ['a set of bytes', new Set([new Uint8Array([1]), new Uint8Array([2, 3])])],
])('%s comes back as it was stored', ([, value]) => {
  expect(afterStoring(value)).toEqual(value);
});

test('a number that a double cannot hold keeps its digits', () => {
  const digits = '12345678901234567890.123456789';
  const stored = convertToNative({ M: { n: { N: digits } } }, { ...UNMARSHALL_OPTIONS });
  expect(JSON.stringify(afterStoring(stored))).toBe(`{"n":${digits}}`);
});

/** Values as they are read from a table: what a double does not hold is no number there. */
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    ...[fc.string(), fc.maxSafeInteger(), fc.boolean(), fc.constant(null), fc.uint8Array()],
    fc.array(tie('value')),
    // The SDK itself loses a member `__proto__`.
    fc.dictionary(
      fc
        .oneof(fc.string(), fc.constantFrom('constructor', 'toJSON', 'B', 'BS'))
        .filter((name) => name !== '__proto__'),
      tie('value'),
      { noNullPrototype: true },
    ),
  ),
}));

test('images come back by entry and field, with whoever wrote what was there', () => {
  const field = fc.constantFrom<FieldName>('state', 'data.city', 'data.constructor', 'data.a.b', 'isDeleted');
  const image = fc.record(
    { before: value, of: fc.integer({ min: -1 }), by: fc.nat(), written: fc.base64String() },
    { requiredKeys: ['before', 'of', 'written'] },
  );
  const images = fc
    .array(fc.tuple(fc.nat(), fc.array(fc.tuple(field, image))))
    .map((all) => new Map(all.map(([index, fields]) => [index, new Map(fields)])));
  fc.assert(fc.property(images, (all) => void expect(readImages(writeImages(all))).toEqual(all)));
});

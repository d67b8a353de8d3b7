import { convertToAttr } from '@aws-sdk/util-dynamodb';
import { expect, test } from 'vitest';
import { storable } from '../../../../lambdas/adapters/storable.ts';

test('members may be called as parts of an object are, however deep', () => {
  const value = { list: [{ constructor: { constructor: 'x' } }] };
  expect(convertToAttr(storable(value))).toEqual({
    M: { list: { L: [{ M: { constructor: { M: { constructor: { S: 'x' } } } } }] } },
  });
});

test.for([['text'], [5], [null], [undefined], [true], [new Set(['a'])], [new Uint8Array([1])]])(
  'what is no object stays as it is: %o',
  ([value]) => {
    expect(storable(value)).toBe(value);
  },
);

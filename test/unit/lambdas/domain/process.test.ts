import { NumberValue } from '@aws-sdk/lib-dynamodb';
import { expect, test } from 'vitest';
import { processView } from '../../../../lambdas/domain/process.ts';

test('sets and bytes of other systems are shown as JSON can tell them', () => {
  const data = {
    tags: new Set(['a', 'b']),
    nested: [{ scores: new Set([1]), constructor: 'x' }],
    bytes: new TextEncoder().encode('hello'),
    digits: NumberValue.from('12345678901234567890'),
    none: null,
  };
  const process = { id: 'a', team: 'local', procedure: 'lead', data };
  expect(processView(process).data).toEqual({
    tags: ['a', 'b'],
    nested: [{ scores: [1], constructor: 'x' }],
    bytes: 'aGVsbG8=',
    digits: data.digits,
    none: null,
  });
});

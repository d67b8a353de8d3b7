import { NumberValue } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plainValue, valueText } from '../../../../lambdas/domain/value-text.ts';

const exact = (text: string) => Object.assign(NumberValue.from(text), { toJSON: () => JSON.rawJSON(text) });

test('a text tells values apart, whatever order their members are in', () => {
  expect(valueText({ a: 1, b: [2, { d: 3, c: 4 }] })).toBe(valueText({ b: [2, { c: 4, d: 3 }], a: 1 }));
  expect(valueText(new Set(['b', 'a']))).toBe(valueText(new Set(['a', 'b'])));
  const values = [null, '', 'null', 0, '0', [], {}, ['a'], new Set(['a']), { set: ['"a"'] }, [['a']], false];
  const more = [{ map: [] }, new Uint8Array([1]), { bytes: 'AQ==' }, 'AQ==', exact('12345678901234567890')];
  expect(new Set([...values, ...more].map(valueText)).size).toBe(values.length + more.length);
});

test('a value that a condition can hold comes back from its text, another does not', () => {
  const plain = fc.oneof(
    fc.string({ maxLength: 100 }),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
    fc.boolean(),
    fc.constant(null),
  );
  fc.assert(
    fc.property(plain, (value) => {
      fc.pre(valueText(value).length <= 200);
      expect(plainValue(valueText(value))).toEqual(value);
    }),
  );
  for (const value of [[1], {}, new Set(['a']), 'x'.repeat(300), exact('12345678901234567890')])
    expect(plainValue(valueText(value))).toBeUndefined();
});

test('a long value is noted as a hash of one length', () => {
  const [a, b] = ['a', 'b'].map((letter) => valueText(letter.repeat(1_000)));
  expect(a).toHaveLength(44);
  expect(a).not.toBe(b);
});

import { expect, test } from 'vitest';
import { oneLine, printable } from '../../lib/bulk/printable.ts';

test.for([
  ['São Paulo 東京 👩‍👩‍👧 a\tb\nc', 'São Paulo 東京 👩‍👩‍👧 a\tb\nc'],
  ['\u001b[2J\u009b31m\u0007\r\u007f', '\\u001b[2J\\u009b31m\\u0007\\u000d\\u007f'],
  ['\u202eevil\u2066', '\\u202eevil\\u2066'],
] as const)('%j is printed as %j', ([text, printed]) => {
  expect(printable(text)).toBe(printed);
});

test('a cell stays one', () => {
  expect(oneLine('a\tb\nc')).toBe('a\\u0009b\\u000ac');
});

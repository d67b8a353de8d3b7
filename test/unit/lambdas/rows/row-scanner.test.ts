import { expect, test } from 'vitest';
import { RowScanner } from '../../../../lambdas/rows/row-scanner.ts';
import { bytesOf } from '../../../support/file-parts.ts';

function scan(scanner: RowScanner, text: string) {
  const bytes = bytesOf(text);
  const found: [string, string, number][] = [];
  for (;;) {
    const each = scanner.next(bytes, true);
    if (each !== 'row' && each !== 'blank') return { found, last: each };
    found.push([each, new TextDecoder().decode(bytes.subarray(scanner.start, scanner.end)), scanner.lines]);
  }
}

test('a record ends with its line, and has the lines within its cells', () => {
  expect(scan(RowScanner.ofCsv(','), 'a,"b\r\nc\rd\ne"\r\n\nf')).toEqual({
    found: [
      ['row', 'a,"b\r\nc\rd\ne"', 4],
      ['blank', '', 1],
      ['row', 'f', 0],
    ],
    last: 'end',
  });
});

test('a line of an NDJSON ends with a line feed only', () => {
  expect(scan(RowScanner.ofNdjson(), '{"a":"\r"}\r\n "\n')).toEqual({
    found: [
      ['row', '{"a":"\r"}', 1],
      ['row', ' "', 1],
    ],
    last: 'end',
  });
});

test('quotation marks do not matter where lines are rows', () => {
  expect(scan(RowScanner.ofLines(), 'a"\r"b\r\n').found).toEqual([
    ['row', 'a"', 1],
    ['row', '"b', 1],
  ]);
});

test('a byte is not judged before those that decide what it is', () => {
  const scanner = RowScanner.ofCsv(',');
  expect(scanner.next(bytesOf('a\r'), false)).toBe('more');
  expect(scanner.next(bytesOf('a\r\nb,c'), false)).toBe('row');
  expect(scanner.position).toBe(3);
});

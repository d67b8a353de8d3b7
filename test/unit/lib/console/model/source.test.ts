import { expect, test } from 'vitest';
import { FileError } from '../../../../../lambdas/rows/row.ts';
import { readSource } from '../../../../../lib/console/model/read-source.ts';
import { rowsOf, sound } from '../../../../../lib/console/model/source.ts';
import { resultOf } from '../../../../support/sliced.ts';

test('the columns of a CSV decide what its rows are', async () => {
  const source = await readSource(new File(['lead_id,city\nA,Goa\n'], 'a.csv'));
  const columns = [
    { is: 'identifier', name: 'lead_id' },
    { is: 'attribute', name: 'city', type: 'string' },
  ] as const;
  expect(resultOf(rowsOf(source, columns, '\\N')).map(({ text }) => JSON.parse(text))).toEqual([
    { lead_id: 'A', data: { city: 'Goa' } },
  ]);
});

test('items of JSON are rows as they are', async () => {
  const source = await readSource(new File(['[{"lead_id":"A"}]'], 'a.json'));
  expect(resultOf(rowsOf(source, [], ''))).toMatchObject([{ line: 1, text: '{"lead_id":"A"}' }]);
});

test('every row that cannot be sent is told, and each remedy once', () => {
  const faulty = (line: number) => ({ line, fault: 'is wrong', remedies: ['Correct it.'] });
  expect(() => sound([faulty(2), { line: 3, text: '{}', cells: [] }, faulty(4)], 'Line')).toThrow(
    new FileError(['Line 2 is wrong.', 'Line 4 is wrong.', 'Correct it.']),
  );
});

test('of very many such rows the first are told', () => {
  const rows = Array.from({ length: 1_000 }, (_, line) => ({ line, fault: 'is wrong' }));
  try {
    sound(rows, 'Line');
    expect.unreachable();
  } catch (error) {
    expect((error as FileError).faults.length).toBeLessThan(30);
    expect((error as FileError).faults.at(-1)).toContain('The check stopped here');
  }
});

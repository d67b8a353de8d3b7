import { expect, test } from 'vitest';
import { FileError } from '../../../../lambdas/rows/row.ts';

test('each fault of a file is a line, whatever the file puts into it', () => {
  const error = new FileError(['Line 1 has "a\nb\u001b[2J".', 'Line 2 is wrong.']);
  expect(error.message.split('\n')).toHaveLength(2);
  expect(error.message).not.toContain('\u001b');
  expect(error.faults).toHaveLength(2);
});

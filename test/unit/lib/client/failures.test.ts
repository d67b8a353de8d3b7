import { expect, test } from 'vitest';
import { failuresAmong } from '../../../../lib/client/failures.ts';
import type { Entry } from '../../../../lib/client/index.ts';

const missing = { code: 'PROCESS_NOT_FOUND', message: 'There is none.' };

test('failures are what was not applied, at their place in the file', () => {
  const entry = (index: number, completionStatus: Entry['completionStatus'], errors: Entry['errors'] = []) =>
    ({ index, completionStatus, errors }) as Entry;
  const entries = [
    entry(3, 'CANCELLED'),
    entry(0, 'SUCCESS'),
    entry(2, 'ERROR', [{ code: 'PROCESS_NOT_FOUND', message: 'There is none.' }]),
    entry(1, 'NOT_STARTED'),
  ];
  expect(failuresAmong(entries, 100)).toEqual([
    { position: 102, errors: [missing] },
    { position: 103, errors: [expect.objectContaining({ code: 'CANCELLED' })] },
  ]);
});

import { expect, test } from 'vitest';
import { RequestError } from '../../../../lambdas/domain/request-error.ts';

test('one fault is one error, with the status of its code', () => {
  const error = new RequestError('JOB_NOT_FOUND', 'No such job.');
  expect(error.status).toBe(404);
  expect(error.errors).toEqual([{ code: 'JOB_NOT_FOUND', message: 'No such job.' }]);
});

test('several faults are all listed, and all stand in the message for the log', () => {
  const faults = [
    { code: 'MALFORMED_PARAMETER', message: 'One.' },
    { code: 'MALFORMED_PARAMETER', message: 'Two.', pointer: '/x' },
  ] as const;
  const error = new RequestError('MALFORMED_PARAMETER', [...faults]);
  expect(error).toMatchObject({ message: 'One. Two.', errors: faults });
});

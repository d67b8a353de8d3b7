import { expect, test } from 'vitest';
import type { Process } from '../../../../lambdas/contract/process.ts';
import { refusalOf, writesFields } from '../../../../lambdas/domain/decision.ts';

const process: Process = { id: 'a', team: 'local', procedure: 'lead', primaryKey: 'KEY-a' };

test('an update that names another primary key is refused, as an identifier before as a value', () => {
  const named = (primaryKey: string | undefined, inData: string | undefined) =>
    refusalOf(
      {
        order: 1,
        update: inData === undefined ? {} : { primaryKey: inData },
        ...(primaryKey === undefined ? {} : { primaryKey }),
      },
      process,
    );
  expect(named('KEY-b', 'KEY-b')).toBe('PRIMARY_KEY_MISMATCH');
  expect(named('KEY-a', 'KEY-b')).toBe('PRIMARY_KEY_IMMUTABLE');
  expect(named('KEY-a', 'KEY-a')).toBeUndefined();
  expect(named(undefined, undefined)).toBeUndefined();
});

test('a decision counts as a change when fields change, or an update with a precondition is applied', () => {
  const change = { field: 'state' as const, value: 'NEW', order: 1 };
  expect(writesFields({ changes: [change], decided: new Map() })).toBe(true);
  expect(writesFields({ changes: [], decided: new Map([[1, 'APPLIED']]) })).toBe(true);
  expect(writesFields({ changes: [], decided: new Map([[1, 'PRECONDITION_FAILED']]) })).toBe(false);
});

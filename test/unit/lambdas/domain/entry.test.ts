import { describe, expect, it } from 'vitest';
import { entryOf } from '../../../../lambdas/domain/entry.ts';
import type { FoldedResult, Result } from '../../../../lambdas/domain/results.ts';
import { aJob } from '../../../support/builders.ts';

const SUCCESS: Result = { outcome: 'APPLIED' };
const NOT_FOUND: Result = { error: 'PROCESS_NOT_FOUND' };

describe('an entry', () => {
  const view = (result: Result | undefined, item: unknown = { id: 'a', lead_id: 7, state: 'NEW' }) => {
    const folded: FoldedResult | undefined = result && {
      index: 4,
      result,
      attempts: 2,
      startedAt: 1,
      completedAt: 9,
    };
    return entryOf(aJob({ total: 10 }), 4, { item }, folded);
  };

  it('shows its identifier as sent, and the process where one was found', () => {
    expect(view(SUCCESS)).toEqual({
      index: 4,
      identifier: { id: 'a', lead_id: 7 },
      processId: 'a',
      completionStatus: 'SUCCESS',
      outcome: 'APPLIED',
      errors: [],
      line: null,
      attempts: 2,
      completedAt: 9,
    });
    expect(view(NOT_FOUND)).toMatchObject({
      processId: null,
      outcome: null,
      errors: [{ code: 'PROCESS_NOT_FOUND', pointer: '/processes/4' }],
    });
    expect(view({ error: 'PROCESS_DELETED' }).processId).toBe('a');
    expect(view(undefined)).toMatchObject({ completionStatus: 'NOT_STARTED', attempts: 0, completedAt: 0 });
    expect(view(undefined, [1]).identifier).toEqual({});
  });

  it('shows each fault of a precondition, with what is stored and what was sent', () => {
    const result: Result = {
      error: 'PRECONDITION_FAILED',
      faults: [
        { of: 'expect', name: 'version', stored: '3' },
        { of: 'expect', name: 'data.city', stored: '"Goa"' },
        { of: 'expect', name: 'assignedTo', stored: '"Ada"' },
        { of: 'update', name: 'data.score', stored: '7' },
      ],
    };
    const expected = { version: 2, data: { city: 'Pune' }, assignedTo: null };
    const errorsOf = (item: object) =>
      view(result, { id: 'a', ...item, expect: expected }).errors.map(
        ({ code, message, pointer }) => `${code} ${pointer} ${message}`,
      );
    const expectFaults = [
      'PRECONDITION_FAILED /processes/4/expect/version "version" is 3, not 2.',
      'PRECONDITION_FAILED /processes/4/expect/data/city "city" is "Goa", not "Pune".',
      'PRECONDITION_FAILED /processes/4/expect/assignedTo "assignedTo" is "Ada", not null.',
    ];
    expect(errorsOf({ data: { score: 5 } })).toEqual([
      ...expectFaults,
      'PRECONDITION_FAILED /processes/4/data/score A newer update has set "score": it is 7.',
    ]);
    expect(errorsOf({ update: { data: { score: 5 } } })).toEqual([
      ...expectFaults,
      'PRECONDITION_FAILED /processes/4/update/data/score A newer update has set "score": it is 7.',
    ]);
  });

  it('whose precondition failed at a first attempt that told no more points to it', () => {
    expect(view({ error: 'PRECONDITION_FAILED' })).toMatchObject({
      processId: 'a',
      errors: [{ code: 'PRECONDITION_FAILED', pointer: '/processes/4/expect' }],
    });
  });
});

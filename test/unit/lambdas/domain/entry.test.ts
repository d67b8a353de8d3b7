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
});

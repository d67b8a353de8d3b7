import { describe, expect, it } from 'vitest';
import { jobResponse } from '../../../../lambdas/http/job-response.ts';
import { aJob, cancelled } from '../../../support/builders.ts';
import { anEvent } from '../../../support/requests.ts';

describe('a job', () => {
  it('is answered with 304 when the client knows where it stands', () => {
    const state = { job: aJob(), log: [] };
    const first = jobResponse(state, anEvent({}), 3_000);
    const etag = first.headers?.etag ?? '';
    expect(first).toMatchObject({ status: 200, headers: { 'retry-after': '1' } });
    for (const tag of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
      expect(jobResponse(state, anEvent({ headers: { 'if-none-match': tag } }), 3_000).status).toBe(304);
    }
    const cancelling = anEvent({ httpMethod: 'POST', headers: { 'if-none-match': etag } });
    expect(jobResponse(state, cancelling, 3_000).status).toBe(200);
    const changed = { ...state, job: aJob({ stopped: cancelled(2_500) }) };
    expect(jobResponse(changed, anEvent({ headers: { 'if-none-match': etag } }), 3_000).status).toBe(200);
  });
});

it('a finished job keeps its tag, in whatever order its counts come back', () => {
  const counts = { INVALID: 1, NOT_STARTED: 0, SUCCESS: 2, ERROR: 0, CANCELLED: 0 };
  const reversed = Object.fromEntries(Object.entries(counts).reverse()) as typeof counts;
  const tags = [counts, reversed].map((counts) => {
    const end = { status: 'COMPLETED' as const, counts, startedAt: 2_000, completedAt: 3_000 };
    return jobResponse({ job: aJob({ end }), log: [] }, anEvent({}), 4_000).headers?.etag;
  });
  expect(tags[0]).toBe(tags[1]);
});

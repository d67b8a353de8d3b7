import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  headerItem,
  partExpiry,
  readHeader,
  readResults,
  resultItems,
  submissionKey,
} from '../../../../lambdas/adapters/job-items.ts';
import { OUTCOMES } from '../../../../lambdas/contract/statuses.ts';
import type { EntryResult, Result, ResultBatch } from '../../../../lambdas/domain/results.ts';
import { aJob, cancelled } from '../../../support/builders.ts';

const batchOf = (results: EntryResult[]): ResultBatch => ({ startedAt: 1, completedAt: 2, results });

test('a job comes back as it was stored, and without what only the table needs', () => {
  const job = aJob({ stopped: cancelled(5), notQueued: [1] });
  const item = headerItem(job);
  expect(item).toMatchObject({ jobId: 'job-1', part: 'header' });
  expect(readHeader({ ...item, announcingUntil: 7 })).toEqual(job);
});

test('the header expires before all else, so that whoever has read it finds the rest', () => {
  const { expiresAt } = headerItem(aJob({ createdAt: 1_000 }));
  expect(expiresAt).toBeLessThan(partExpiry(1_000));
});

test('the first chunk of a submission lies beside its job, each other one under a key of its own', () => {
  expect(submissionKey('j', 0)).toEqual({ jobId: 'j', part: 'submission#00000' });
  expect(submissionKey('j', 12)).toEqual({ jobId: 'j#submission#00012', part: 'submission#00012' });
});

test('results come back as they were, from however many items', () => {
  const result = fc.oneof(
    fc.constantFrom(...OUTCOMES).map((outcome): Result => ({ outcome })),
    fc.constantFrom('PROCESS_NOT_FOUND' as const, 'NOT_QUEUED' as const).map((error): Result => ({ error })),
    fc.constant<Result>({ cancelled: true }),
    fc.constant<Result>({ error: 'PRECONDITION_FAILED' }),
    fc.constant<Result>({
      error: 'PRECONDITION_FAILED',
      faults: [
        { of: 'expect', name: 'data.city', stored: '"Goa"' },
        { of: 'update', name: 'state', stored: 'null' },
      ],
    }),
  );
  const entry = fc.record(
    { index: fc.nat(), result, attempts: fc.nat(), processId: fc.string() },
    { requiredKeys: ['index', 'result', 'attempts'] },
  );
  fc.assert(
    fc.property(fc.array(entry), (results) => {
      const items = [...resultItems(batchOf(results))].map(({ attributes }) => attributes);
      expect(items.flatMap((item) => readResults(item).results)).toEqual(results);
    }),
  );
});

test('no item of results is larger than DynamoDB stores', () => {
  const results = Array.from({ length: 500 }, (_, index) => ({
    index,
    result: { outcome: 'APPLIED' } as const,
    attempts: 1,
    processId: 'ü'.repeat(1_000),
  }));
  const items = [...resultItems(batchOf(results))].map(({ attributes }) => attributes);
  expect(items.length).toBeGreaterThan(1);
  for (const { rows } of items) expect(Buffer.byteLength(rows)).toBeLessThan(400_000);
  expect(items.flatMap((item) => readResults(item).results)).toHaveLength(500);
});

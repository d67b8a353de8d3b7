import { expect, test } from 'vitest';
import { RETENTION_MS } from '../../../../lambdas/domain/job.ts';
import type { ApiRequest } from '../../../../lambdas/http/api-handler.ts';
import { jobOf } from '../../../../lambdas/http/job-of.ts';
import { refusalOf } from '../../../support/accepting.ts';
import { aJob } from '../../../support/builders.ts';

const ID = '18d72256-5ac2-4104-a80d-768ff0e60ebf';
const stored = { job: aJob({ id: ID }), log: [] };
const find = (
  { id = ID, team = 'local', procedures }: { id?: string; team?: string; procedures?: string[] },
  now = 3_000,
) => {
  const read: string[] = [];
  const request = { path: { id }, caller: { team, procedures } } as unknown as ApiRequest;
  const found = jobOf(
    request,
    async (jobId) => {
      read.push(jobId);
      return stored;
    },
    now,
  );
  return { found, read };
};

test('a job of the team is found', async () => {
  expect(await find({}).found).toBe(stored);
});

test('a job of another team is as one that does not exist', async () => {
  expect(await refusalOf(find({ team: 'other' }).found)).toBe('404 JOB_NOT_FOUND');
});

test('a job is not shown after 30 days, whatever the table still holds', async () => {
  const end = stored.job.createdAt + RETENTION_MS;
  expect(await find({}, end - 1).found).toBe(stored);
  expect(await refusalOf(find({}, end + 1_000).found)).toBe('404 JOB_NOT_FOUND');
});

test('a key that does not list the procedure of a job may not see it', async () => {
  expect(await refusalOf(find({ procedures: ['contact'] }).found)).toBe('403 PROCEDURE_FORBIDDEN');
});

test.each(['team#local', `${ID}#submission#00001`, '', ID.toUpperCase()])(
  'the other keys of the table are none of a job: %j is not even read',
  async (id) => {
    const { found, read } = find({ id });
    expect(await refusalOf(found)).toBe('404 JOB_NOT_FOUND');
    expect(read).toEqual([]);
  },
);

import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { AnnouncementStore } from '../../lambdas/adapters/announcement-store.ts';
import { JobStore } from '../../lambdas/adapters/job-store.ts';
import { marksOf } from '../../lambdas/domain/announced-creates.ts';
import type { StoredJob } from '../../lambdas/domain/job.ts';
import { localParts } from '../support/local.ts';

const { documents, tables } = localParts();
const store = new AnnouncementStore(documents, tables.jobs, setTimeout);
const jobs = new JobStore(documents, tables.jobs);

test('announcements of a procedure come back with their jobs as they are, until they are withdrawn', async () => {
  const [team, procedure] = [`team-${randomUUID()}`, 'lead'];
  const ids = [randomUUID(), randomUUID()];
  const marks = marksOf(Array.from({ length: 10_000 }, (_, number) => `KEY-${number}`));
  for (const jobId of ids) await store.announce({ team, procedure, jobId, marks, acceptingUntil: 7 });
  await store.announce({ team, procedure: 'contact', jobId: ids[0] as string, marks, acceptingUntil: 7 });
  const header = {
    ...{ id: ids[0], team, procedure, primaryKey: 'lead_id', sequence: 5, createdAt: Date.now() },
    ...{ total: 1, invalid: 0, chunkStarts: [0], acceptingUntil: 7, creates: 'missing' as const },
  } as StoredJob;
  await jobs.create(header);

  const announced = await store.of(team, procedure);
  expect(announced).toHaveLength(2);
  expect(announced.map(({ job }) => job).filter((job) => job !== undefined)).toEqual([header]);
  for (const each of announced) {
    expect(each.acceptingUntil).toBe(7);
    expect(Buffer.from(each.marks ?? []).equals(Buffer.from(marks))).toBe(true);
  }

  await store.withdraw({ team, procedure, jobId: ids[0] as string });
  expect(await store.of(team, procedure)).toMatchObject([{ job: undefined }]);
  expect(await store.of(team, 'contact')).toHaveLength(1);
  expect(await store.of('another', procedure)).toEqual([]);
});

import { beforeEach, expect, it } from 'vitest';
import { marksOf } from '../../../../lambdas/domain/announced-creates.ts';
import { applyUpdates } from '../../../../lambdas/domain/apply-updates.ts';
import { createdId } from '../../../../lambdas/domain/creation.ts';
import type { Delivery } from '../../../../lambdas/domain/delivery.ts';
import { orderOf, type UpdateMessage } from '../../../../lambdas/domain/update-message.ts';
import { aDelivery, aJob } from '../../../support/builders.ts';
import { MemoryAnnouncements, MemoryJobs, MemoryProcesses } from '../../../support/memory.ts';

const KEY = { team: 'local', procedure: 'lead', primaryKey: 'NEW' };
const create = { data: { lead_id: 'NEW' }, state: 'NEW' };

let jobs: MemoryJobs;
let processes: MemoryProcesses;
let announcements: MemoryAnnouncements;
let copied: UpdateMessage[];

beforeEach(async () => {
  jobs = new MemoryJobs();
  processes = new MemoryProcesses([]);
  announcements = new MemoryAnnouncements(jobs);
  copied = [];
  await jobs.create(aJob({ id: 'creating', sequence: 1, total: 5, invalid: 0 }));
  await jobs.create(aJob({ id: 'updating', sequence: 2, total: 5, invalid: 0 }));
});

const apply = (...deliveries: Delivery[]) =>
  applyUpdates(deliveries, {
    ...{ processes, jobs, announcements, keepsImages: true },
    now: () => 10_000,
    maxAttempts: 5,
    deadline: () => 40_000,
    remove: async () => {},
    postpone: async (copies) => {
      copied.push(...copies);
      return [];
    },
    isTransient: () => false,
    onRecorded: () => {},
    onFailure: (error) => {
      throw error;
    },
  });

const results = (jobId: string) =>
  Object.fromEntries(
    (jobs.logs.get(jobId) ?? []).flatMap((batch) =>
      batch.results.map(({ index, result }) => [index, result]),
    ),
  );

const creating = (index = 0, changes: Partial<UpdateMessage> = {}) =>
  aDelivery({
    ...{ jobId: 'creating', index, order: orderOf(1, index), target: { primaryKey: 'NEW' }, create },
    ...changes,
  });
const updating = (changes: Partial<UpdateMessage> = {}) =>
  aDelivery({
    ...{ jobId: 'updating', index: 0, order: orderOf(2, 0), target: { primaryKey: 'NEW' } },
    ...{ update: { data: { city: 'Rome' } }, ...changes },
  });
const announce = () =>
  announcements.announce({ ...KEY, jobId: 'creating', marks: marksOf(['NEW']), acceptingUntil: 0 });

it('creates a process once, and tells each copy of the create the same, with an image by which it can be undone', async () => {
  await apply(creating());
  await apply(creating());
  expect([...processes.stored.keys()]).toEqual([createdId(KEY, 0)]);
  const [first, second] = jobs.logs.get('creating') ?? [];
  expect(first?.results).toMatchObject([{ result: { outcome: 'CREATED' }, processId: createdId(KEY, 0) }]);
  expect(second?.results).toEqual(first?.results);
  expect(first?.results[0]?.image?.get('isDeleted')).toMatchObject({ before: true, of: -1 });
});

it('applies what comes with a create in the same batch after it, and what was accepted before not at all', async () => {
  await jobs.create(aJob({ id: 'before', sequence: 0, total: 1, invalid: 0 }));
  await apply(updating(), creating(), updating({ jobId: 'before', order: orderOf(0, 0) }));
  expect(results('creating')).toEqual({ 0: { outcome: 'CREATED' } });
  expect(results('updating')).toEqual({ 0: { outcome: 'APPLIED' } });
  expect(results('before')).toEqual({ 0: { error: 'PROCESS_NOT_FOUND' } });
  expect(processes.stored.get(createdId(KEY, 0))?.data).toEqual({ lead_id: 'NEW', city: 'Rome' });
});

it('sends a copy of an update for later while an earlier job may create its process, and applies that then', async () => {
  await announce();
  await apply(updating());
  expect(results('updating')).toEqual({});
  const [copy] = copied;
  expect(copy?.postponed).toMatchObject({ times: 1, receives: 1 });
  await apply(creating());
  await apply(aDelivery(copy));
  expect(results('updating')).toEqual({ 0: { outcome: 'APPLIED' } });
});

it('lets no update wait for another primary key, nor once the job has ended', async () => {
  await announce();
  await apply(updating({ index: 1, target: { primaryKey: 'TYPO' } }));
  await announcements.withdraw({ jobId: 'creating' });
  await apply(updating());
  expect(results('updating')).toEqual({
    0: { error: 'PROCESS_NOT_FOUND' },
    1: { error: 'PROCESS_NOT_FOUND' },
  });
  expect(copied).toEqual([]);
});

it('lets an update wait for the entry of its own job that it follows', async () => {
  const follower = creating(1, { create: undefined, after: 0, expect: { state: 'NEW' } } as object);
  await apply(follower);
  expect(copied).toHaveLength(1);
  await apply(creating());
  await apply(follower);
  expect(results('creating')).toEqual({ 0: { outcome: 'CREATED' }, 1: { outcome: 'UNCHANGED' } });
});

it('tells of a create what exists, and of one that lacks something what that is', async () => {
  await apply(creating());
  await apply(creating(1, { create: { ...create, ifExists: 'PROCESS_EXISTS' } }));
  await apply(creating(2, { target: { primaryKey: 'OTHER' }, create: { ...create, missing: ['email'] } }));
  expect(results('creating')).toMatchObject({
    1: { error: 'PROCESS_EXISTS' },
    2: { error: 'REQUIRED_MISSING', faults: [{ of: 'required', name: 'data.email' }] },
  });
});

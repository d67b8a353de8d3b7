import { beforeEach, describe, expect, test } from 'vitest';
import { UPLOAD_MS } from '../../../../lambdas/contract/file-job.ts';
import type { FileJob } from '../../../../lambdas/domain/file-header.ts';
import { type FileProgress, nothingRead } from '../../../../lambdas/domain/file-job.ts';
import { COUNT_AGAIN_MS, type StoredJob } from '../../../../lambdas/domain/job.ts';
import type { FileJobs, FileStep, Files, JobState } from '../../../../lambdas/domain/ports.ts';
import { runFileStep } from '../../../../lambdas/domain/run-file-step.ts';
import { aJob, aProcedure, cancelled } from '../../../support/builders.ts';
import {
  MemoryAnnouncements,
  MemoryEvents,
  MemoryHeldUpdates,
  MemoryJobChecks,
  MemoryJobs,
  MemorySubmissions,
} from '../../../support/memory.ts';

const CREATED = 1_000_000;
const AWAITING: FileJob = { format: 'csv', compression: null, size: 100, options: {}, uploadId: 'upload-1' };
const UPLOADED: FileJob = { ...AWAITING, accepted: { at: CREATED, sequence: 1, etag: 'etag' } };

/** Jobs, of which those from files know how far they are. */
class MemoryFileJobs extends MemoryJobs {
  override async readWhole(jobId: string): Promise<JobState | undefined> {
    const state = await super.readWhole(jobId);
    return state?.job.fileJob === undefined ? state : { ...state, file: { progress, open: [] } };
  }
}

let jobs: MemoryFileJobs;
let progress: FileProgress;
let events: MemoryEvents;
/** What was asked of file jobs and uploads, in its order. */
let done: string[];
let isAmongFirst: boolean;
let isTurnFree: boolean;
let procedure: ReturnType<typeof aProcedure> | undefined;
let now: number;

const stored = (changes: Partial<StoredJob> = {}) =>
  jobs.create(aJob({ total: 0, invalid: 0, createdAt: CREATED, fileJob: UPLOADED, ...changes }));

beforeEach(() => {
  jobs = new MemoryFileJobs();
  progress = nothingRead();
  events = new MemoryEvents();
  done = [];
  isAmongFirst = true;
  isTurnFree = true;
  procedure = aProcedure();
  now = CREATED + 1_000;
});

function run(step: Partial<FileStep> = {}): Promise<number | undefined> {
  const fileJobs: Partial<FileJobs> = {
    queue: async ({ id }) => void done.push(`queue ${id}`),
    isAmongFirst: async (_job, count) => {
      done.push(`among the first ${count}`);
      return isAmongFirst;
    },
    takeTurn: async (_job, count) => {
      done.push(`a turn of ${count}`);
      return isTurnFree;
    },
    markWaiting: async (_id, isWaiting) => {
      done.push(isWaiting ? 'waits' : 'goes on');
      progress = { ...progress, isWaiting };
    },
    leave: async ({ id }) => void done.push(`leave ${id}`),
  };
  return runFileStep(
    { jobId: 'job-1', kind: 'read', acceptingUntil: CREATED + 28_000, ...step },
    {
      ...{ jobs, events, chunksInFlight: 2, now: () => now, deadline: () => now + 28_000 },
      fileJobs: fileJobs as FileJobs,
      files: {} as Files,
      announcements: new MemoryAnnouncements(jobs),
      submissions: new MemorySubmissions(),
      heldUpdates: new MemoryHeldUpdates(),
      jobChecks: new MemoryJobChecks(),
      procedures: { find: async () => procedure },
      uploads: { abortUpload: async (key, id) => void done.push(`abort ${key} ${id}`) },
      mayGoOn: async () => true,
      onEnd: ({ id }, { status }) => void done.push(`${id} is ${status}`),
    },
  );
}

describe('a step of a job that is not stored', () => {
  test.for<[number, number | undefined]>([
    [0, 5],
    // Clocks differ, and what was sent in time may be under way.
    [28_000 + 7_000, 5],
    [28_000 + 7_001, undefined],
  ])('%i ms after it was begun is done after %s s', async ([ms, seconds]) => {
    now = CREATED + ms;
    expect(await run()).toBe(seconds);
    expect(await run({ kind: 'expire' })).toBe(seconds);
    // So is a step of an upload that is being completed.
    await stored({ fileJob: AWAITING });
    expect(await run({ kind: 'apply' })).toBe(seconds);
    expect(done).toEqual([]);
  });

  test('of an undo that is noted in the job that it undoes stores it', async () => {
    const again = { of: 'job-1', kind: 'undo' as const };
    const undo = aJob({ id: 'undo-1', undoes: 'job-1', fileJob: { ...UPLOADED, again } });
    await stored({ undoneBy: undo });
    progress = { ...progress, isTotalFinal: true };
    expect(await run({ jobId: 'undo-1', undoes: 'job-1' })).toBeUndefined();
    expect(jobs.headers.get('undo-1')).toEqual(undo);
    expect(done[0]).toBe('queue undo-1');
  });

  test('of an undo in whose place another one is noted stores nothing', async () => {
    await stored({ undoneBy: aJob({ id: 'undo-2', undoes: 'job-1' }) });
    expect(await run({ jobId: 'undo-1', undoes: 'job-1' })).toBe(5);
    expect([...jobs.headers.keys()]).toEqual(['job-1']);
  });
});

describe('a job has its turn', () => {
  beforeEach(async () => {
    progress = { ...progress, isTotalFinal: true };
    await stored();
  });

  test('at once when it is among the first of its team, until it ends', async () => {
    expect(await run()).toBeUndefined();
    expect(done).toEqual(['queue job-1', 'among the first 5', 'a turn of 5', 'goes on']);
    done = [];
    isAmongFirst = false;
    expect(await run()).toBeUndefined();
    expect(done).toEqual([]);
  });

  test('when those before it have ended', async () => {
    isAmongFirst = false;
    expect(await run()).toBe(10);
    expect(done).toEqual(['queue job-1', 'among the first 5', 'waits']);
    done = [];
    expect(await run()).toBe(10);
    expect(done).toEqual(['among the first 5']);
    done = [];
    isAmongFirst = true;
    expect(await run()).toBeUndefined();
    expect(done).toEqual(['among the first 5', 'a turn of 5', 'goes on']);
  });

  test('when a turn is free, though it is among the first', async () => {
    isTurnFree = false;
    expect(await run()).toBe(10);
    expect(done).toEqual(['queue job-1', 'among the first 5', 'a turn of 5', 'waits']);
  });

  test('when it is stopped, for it takes nothing', async () => {
    isAmongFirst = false;
    progress = { ...progress, isWaiting: true };
    await jobs.markStopped('job-1', cancelled(now));
    expect(await run({ kind: 'apply' })).toBe(COUNT_AGAIN_MS / 1000);
    expect(done).toEqual(['job-1 is COMPLETED', 'leave job-1']);
  });
});

test('a step of a procedure that is gone fails, so that somebody is told', async () => {
  await stored();
  procedure = undefined;
  await expect(run()).rejects.toThrow('The procedure lead of job job-1 does not exist');
});

test('a late result of a chunk that is not reported yet leaves it to the report', async () => {
  progress = { ...progress, open: [5] };
  await stored();
  await jobs.create(aJob({ id: 'job-1/5', partOf: { id: 'job-1', row: 5, rows: 3, number: 1 } }));
  expect(await run({ kind: 'report', row: 5 })).toBeUndefined();
  // Reporting it would ask for its chunk.
  progress = { ...progress, open: [] };
  await expect(run({ kind: 'report', row: 5 })).rejects.toThrow('chunksFrom');
  // A chunk without a job has no results.
  expect(await run({ kind: 'report', row: 8 })).toBeUndefined();
});

describe('an upload', () => {
  const expire = () => run({ kind: 'expire' });

  test.for<[number, number]>([
    [UPLOAD_MS, 60 * 60],
    [60 * 60 * 1000 - 1, 60 * 60],
    [90_500, 91],
    [1, 1],
  ])('that has %i ms left is looked at again after %i s', async ([leftMs, seconds]) => {
    await stored({ fileJob: AWAITING });
    now = CREATED + UPLOAD_MS - leftMs;
    expect(await expire()).toBe(seconds);
    expect(jobs.headers.get('job-1')?.stopped).toBeUndefined();
  });

  test('that was not completed in time is stopped, then removed, and its job ends', async () => {
    await stored({ fileJob: AWAITING });
    now = CREATED + UPLOAD_MS;
    expect(await expire()).toBe(1);
    expect(jobs.headers.get('job-1')?.stopped).toEqual({ at: now, why: 'expired' });
    expect(done).toEqual([]);
    expect(await expire()).toBe(COUNT_AGAIN_MS / 1000);
    expect(done).toEqual(['abort uploads/job-1 upload-1', 'job-1 is CANCELLED', 'leave job-1']);
    expect(events.published).toMatchObject([{ id: 'job-1', status: 'CANCELLED', total: 0 }]);
    // Then nothing is left to do.
    expect(await expire()).toBeUndefined();
    expect(done).toHaveLength(3);
  });

  test('that is cancelled is removed at once', async () => {
    await stored({ fileJob: AWAITING, stopped: cancelled(now) });
    expect(await expire()).toBe(COUNT_AGAIN_MS / 1000);
    expect(done[0]).toBe('abort uploads/job-1 upload-1');
    expect(jobs.headers.get('job-1')?.end?.status).toBe('CANCELLED');
  });

  test('that is completed stays, also when its job is stopped or was begun long ago', async () => {
    await stored({ stopped: cancelled(now) });
    now = CREATED + 2 * UPLOAD_MS;
    expect(await expire()).toBeUndefined();
    expect(done).toEqual([]);
    expect(jobs.headers.get('job-1')?.end).toBeUndefined();
  });
});

import { describe, expect, test } from 'vitest';
import { PLAN_MS, UPDATE_RETENTION_MS } from '../../../../lambdas/contract/limits.ts';
import { acceptUpdates } from '../../../../lambdas/domain/accept-updates.ts';
import { finalizeJob } from '../../../../lambdas/domain/finalize-job.ts';
import { COUNT_AGAIN_MS, FINALIZE_LIMIT_MS, RECONCILE_MS } from '../../../../lambdas/domain/job.ts';
import type { JobState, Processes } from '../../../../lambdas/domain/ports.ts';
import { progressOfState } from '../../../../lambdas/domain/progress.ts';
import type { Result } from '../../../../lambdas/domain/results.ts';
import { SubmissionWriter } from '../../../../lambdas/domain/submission.ts';
import { orderOf } from '../../../../lambdas/domain/update-message.ts';
import { aJob, aProcedure, cancelled } from '../../../support/builders.ts';
import {
  interruptible,
  MemoryAnnouncements,
  MemoryCompactResults,
  MemoryEvents,
  MemoryHeldUpdates,
  MemoryJobChecks,
  MemoryJobs,
  MemoryProcesses,
  MemoryQueue,
  MemorySubmissions,
} from '../../../support/memory.ts';

/** What only jobs that are released in steps need. */
const releasing = () => ({
  announcements: new MemoryAnnouncements({ headers: new Map() }),
  compactResults: new MemoryCompactResults(),
  heldUpdates: new MemoryHeldUpdates(),
  queue: new MemoryQueue(),
  onEnd: () => {},
});

test('a plan that nobody approves is looked at until it expires after 24 hours, and ends as cancelled', async () => {
  const jobs = new MemoryJobs();
  const events = new MemoryEvents();
  const job = aJob({
    ...{ total: 3, invalid: 1, releasedTo: 0, steps: [{ to: 3, valid: 2 }] },
    plan: { INVALID: 1, SUCCESS: 1, ERROR: 1 },
  });
  await jobs.create(job);
  let now = job.createdAt;
  const processes = new MemoryProcesses([]);
  const ports = {
    ...{ jobs, events, processes, submissions: new MemorySubmissions(), ...releasing() },
    ...{ now: () => now, deadline: () => now + 30_000 },
  };
  const pauses: number[] = [];
  for (;;) {
    const seconds = await finalizeJob({ jobId: job.id, acceptingUntil: job.acceptingUntil }, ports);
    if (seconds === undefined) break;
    pauses.push(seconds);
    now += seconds * 1000;
  }
  expect(Math.max(...pauses)).toBe(6 * 60 * 60);
  const { stopped, end } = jobs.headers.get(job.id) ?? {};
  expect(stopped).toEqual({ at: job.createdAt + PLAN_MS, why: 'expired' });
  expect(end).toMatchObject({
    status: 'CANCELLED',
    counts: { INVALID: 1, NOT_STARTED: 0, SUCCESS: 0, ERROR: 0, CANCELLED: 2 },
  });
  expect(events.published).toHaveLength(1);
});

test('a job whose update is held back is looked at ever more rarely, and ends when the queue has dropped it', async () => {
  const jobs = new MemoryJobs();
  const submissions = new MemorySubmissions();
  const events = new MemoryEvents();
  const submission = new SubmissionWriter();
  submission.add({ item: { id: 'a', state: 'NEW' } });
  submission.end();
  const job = aJob({ total: 1, invalid: 0, chunkStarts: submission.chunkStarts });
  await submissions.store(job.id, submission.chunks);
  await jobs.create(job);

  let now = job.createdAt;
  const ports = {
    jobs,
    submissions,
    ...releasing(),
    events,
    processes: new MemoryProcesses([]),
    now: () => now,
    deadline: () => now + 30_000,
  };
  const pauses: number[] = [];
  for (;;) {
    const seconds = await finalizeJob({ jobId: job.id, acceptingUntil: job.acceptingUntil }, ports);
    if (seconds === undefined) break;
    pauses.push(seconds);
    now += seconds * 1000;
  }
  expect(events.published).toHaveLength(1);
  expect(pauses[0]).toBe(1);
  expect(Math.max(...pauses)).toBe(15 * 60);
  expect(pauses.length).toBeLessThan(500);
  expect(now - job.acceptingUntil - UPDATE_RETENTION_MS).toBeLessThan(RECONCILE_MS + COUNT_AGAIN_MS + 1_000);
});

test('a cancelled job of 10,000 is settled over as many invocations as it takes, without a pause', async () => {
  const jobs = new MemoryJobs();
  const submissions = new MemorySubmissions();
  const events = new MemoryEvents();
  const submission = new SubmissionWriter();
  for (let i = 0; i < 10_000; i++) submission.add({ item: { id: `p${i}`, state: 'NEW' } });
  submission.end();
  const job = aJob({
    total: 10_000,
    invalid: 0,
    chunkStarts: submission.chunkStarts,
    stopped: cancelled(3_000),
  });
  await submissions.store(job.id, submission.chunks);
  await jobs.create(job);

  let now = 60_000;
  const processes = new MemoryProcesses([]);
  // A table so slow that an invocation of 30 seconds gets through less than half of the entries.
  processes.traceOf = async () => {
    now += 6;
    return undefined;
  };
  const invoke = () => {
    const deadline = now + 30_000;
    const ports = {
      jobs,
      submissions,
      ...releasing(),
      events,
      processes,
      now: () => now,
      deadline: () => deadline,
    };
    return finalizeJob({ jobId: job.id, acceptingUntil: job.acceptingUntil }, ports);
  };
  const pauses: (number | undefined)[] = [];
  while (pauses.at(-1) !== COUNT_AGAIN_MS / 1000) {
    const began = now;
    pauses.push(await invoke());
    expect(now - began).toBeLessThan(30_000);
  }
  expect(pauses).toEqual([1, 1, COUNT_AGAIN_MS / 1000]);
  expect(events.published[0]?.counts).toMatchObject({ CANCELLED: 10_000, NOT_STARTED: 0 });
  expect(jobs.headers.get(job.id)?.end?.completedAt).toBeGreaterThan(110_000);
});

test('a second result that comes when the end is noted already is counted, by the job as by its entries', async () => {
  const jobs = new MemoryJobs();
  const events = new MemoryEvents();
  const job = aJob({ total: 1, invalid: 0 });
  await jobs.create(job);
  const append = (result: Result, completedAt: number) =>
    jobs.appendResults(job.id, {
      startedAt: completedAt,
      completedAt,
      results: [{ index: 0, result, attempts: 1 }],
    });
  await append({ error: 'PROCESS_NOT_FOUND' }, 3_000);

  let now = 4_000;
  const ports = {
    jobs,
    ...releasing(),
    events,
    submissions: new MemorySubmissions(),
    processes: new MemoryProcesses([]),
    now: () => now,
    deadline: () => now + 30_000,
  };
  const look = () => finalizeJob({ jobId: job.id, acceptingUntil: job.acceptingUntil }, ports);
  const shown = async () => progressOfState((await jobs.read(job.id)) as JobState).counts;
  const listed = async () => progressOfState((await jobs.readWhole(job.id)) as JobState).counts;
  expect(await look()).toBe(COUNT_AGAIN_MS / 1000);
  expect(await shown()).toMatchObject({ ERROR: 1 });

  // Of a copy whose function had read the job before its end was noted.
  await append({ outcome: 'APPLIED' }, 5_000);
  expect(await shown()).toMatchObject({ SUCCESS: 1, ERROR: 0 });
  now += COUNT_AGAIN_MS - 1_000;
  expect(await look()).toBe(1);
  now += 1_000;
  expect(await look()).toBeUndefined();
  expect(await jobs.read(job.id)).toMatchObject({ log: [] });
  expect(await shown()).toEqual(await listed());
  expect(events.published).toHaveLength(1);
});

test('with the end that is counted again the results are compacted, before that is noted', async () => {
  const jobs = new MemoryJobs();
  const job = aJob({ total: 3, invalid: 0 });
  await jobs.create(job);
  for (const index of [2, 1, 0]) {
    const results = [{ index, result: { outcome: 'APPLIED' as const }, attempts: 1 }];
    await jobs.appendResults(job.id, { startedAt: 3_000, completedAt: 3_000 + index, results });
  }
  let now = 4_000;
  const ports = {
    ...{ jobs, ...releasing(), events: new MemoryEvents(), submissions: new MemorySubmissions() },
    ...{ processes: new MemoryProcesses([]), now: () => now, deadline: () => now + 30_000 },
  };
  const { compactResults } = ports;
  const check = (results = compactResults) =>
    finalizeJob({ jobId: job.id, acceptingUntil: job.acceptingUntil }, { ...ports, compactResults: results });
  await check();
  expect(compactResults.chunks.size).toBe(0);
  now += COUNT_AGAIN_MS;
  const dying = interruptible(compactResults, 'compactResults', async (point) => {
    if (point.startsWith('after')) throw new Error('It died');
  });
  await expect(check(dying)).rejects.toThrow('It died');
  expect(jobs.headers.get(job.id)).not.toHaveProperty('countedAt');
  expect(await check()).toBeUndefined();
  expect(jobs.headers.get(job.id)).toMatchObject({
    countedAt: now,
    compacted: { pieces: [1], outcomes: { APPLIED: 3 } },
  });
  expect(await jobs.readByChunk(job.id)).toMatchObject({ log: [] });
});

test('what another invocation reconciled meanwhile stands: the job may have been retried since', async () => {
  const jobs = new MemoryJobs();
  const cancelledAt = 1_000;
  const job = aJob({ total: 1, invalid: 0, stopped: cancelled(cancelledAt) });
  await jobs.create(job);
  const submissions = new MemorySubmissions();
  const writer = new SubmissionWriter();
  writer.add({ item: { id: 'a', state: 'NEW' } });
  writer.end();
  await submissions.store(job.id, writer.chunks);
  const order = orderOf(job.sequence, 0);
  const processes = new MemoryProcesses([
    { id: 'a', team: 'local', procedure: 'lead', state: 'NEW', clocks: { state: order } },
  ]);

  let now = cancelledAt + RECONCILE_MS;
  const look = (theirs: Processes) => {
    const deadline = now + FINALIZE_LIMIT_MS;
    const ports = {
      jobs,
      submissions,
      ...releasing(),
      events: new MemoryEvents(),
      processes: theirs,
      now: () => now,
      deadline: () => deadline,
    };
    return finalizeJob({ jobId: job.id, acceptingUntil: job.acceptingUntil }, ports);
  };
  const slow = interruptible<Processes>(processes, 'processes', async (point) => {
    if (point !== 'after processes.traceOf') return;
    // A newer update overtakes it, and another invocation sees nothing of it any more.
    processes.stored.set('a', { id: 'a', team: 'local', procedure: 'lead', clocks: { state: order + 1 } });
    await look(processes);
    now += FINALIZE_LIMIT_MS - 1_000;
    await look(processes);
  });
  await look(slow);
  now += COUNT_AGAIN_MS;
  await look(processes);
  const [shown, listed] = await Promise.all([jobs.read(job.id), jobs.readWhole(job.id)]);
  expect(progressOfState(listed as JobState).counts).toMatchObject({ SUCCESS: 0, CANCELLED: 1 });
  expect(progressOfState(shown as JobState)).toEqual(progressOfState(listed as JobState));
});

describe('a job that is released in steps', () => {
  const SUCCESS: Result = { outcome: 'APPLIED' };
  const FAILURE: Result = { error: 'PROCESS_NOT_FOUND' };
  const CANARY = 2;

  /** Accepts a job of five entries with a canary of two, and gives its job check. */
  async function aJobWithCanary() {
    let now = 1_000_000;
    const items = ['a', 'b', 'c', 'd', 'e'].map((id) => ({ id, state: 'NEW' }));
    const ended: string[] = [];
    const ports = {
      jobs: new MemoryJobs(),
      submissions: new MemorySubmissions(),
      compactResults: new MemoryCompactResults(),
      heldUpdates: new MemoryHeldUpdates(),
      jobChecks: new MemoryJobChecks(),
      queue: new MemoryQueue(),
      announcements: new MemoryAnnouncements({ headers: new Map() }),
      events: new MemoryEvents(),
      processes: new MemoryProcesses([]),
      onEnd: (_job: unknown, { status }: { status: string }) => void ended.push(status),
      now: () => now,
      deadline: () => now + 30_000,
    };
    const request = { procedure: aProcedure(), items, textErrors: new Map(), options: { canary: CANARY } };
    const { queued } = await acceptUpdates('job-1', request, ports);
    expect(queued).toBe(items.length);
    const [jobCheck] = ports.jobChecks.jobChecks;
    if (jobCheck === undefined) throw new Error('There is no job check');
    return {
      ...ports,
      ended,
      check: () => finalizeJob(jobCheck, ports),
      pass: (ms: number) => {
        now += ms;
      },
      queued: () => ports.queue.messages.map(({ index }) => index),
      end: (...results: [index: number, result: Result][]) =>
        ports.jobs.appendResults('job-1', {
          startedAt: now,
          completedAt: now,
          results: results.map(([index, result]) => ({ index, result, attempts: 1 })),
        }),
      state: async () => progressOfState((await ports.jobs.readWhole('job-1')) as JobState),
    };
  }

  test('goes on when its canary has passed, within a second', async () => {
    const job = await aJobWithCanary();
    expect(job.queued()).toEqual([0, 1]);
    await job.end([0, SUCCESS]);
    expect(await job.check()).toBe(1);
    expect(job.queued()).toEqual([0, 1]);
    await job.end([1, SUCCESS]);
    expect(await job.check()).toBe(1);
    expect(job.queued()).toEqual([0, 1, 2, 3, 4]);
    // Not once more.
    await job.check();
    expect(job.queued()).toHaveLength(5);
    await job.end([2, SUCCESS], [3, FAILURE], [4, SUCCESS]);
    expect(await job.check()).toBe(COUNT_AGAIN_MS / 1000);
    expect(job.events.published).toMatchObject([{ status: 'COMPLETED', counts: { SUCCESS: 4, ERROR: 1 } }]);
  });

  test('is aborted when its canary has failed', async () => {
    const job = await aJobWithCanary();
    await job.end([0, SUCCESS], [1, FAILURE]);
    expect(await job.check()).toBe(1);
    // What was never released need not be looked for.
    await job.check();
    expect(job.queued()).toEqual([0, 1]);
    expect(job.events.published).toMatchObject([
      { status: 'ABORTED', counts: { SUCCESS: 1, ERROR: 1, CANCELLED: 3 } },
    ]);
    expect(job.ended).toEqual(['ABORTED']);
  });

  test('stays cancelled when a client cancelled it first, and its canary fails', async () => {
    const job = await aJobWithCanary();
    await job.jobs.markStopped('job-1', cancelled(1_000_000));
    await job.end([0, SUCCESS], [1, FAILURE]);
    await job.check();
    job.pass(RECONCILE_MS);
    await job.check();
    expect(job.events.published).toMatchObject([{ status: 'CANCELLED', counts: { CANCELLED: 3 } }]);
  });

  test('waits for its canary longer than the queue keeps updates, and nothing else of it is given up', async () => {
    const job = await aJobWithCanary();
    await job.end([0, SUCCESS]);
    job.pass(UPDATE_RETENTION_MS);
    await job.check();
    expect(await job.state()).toMatchObject({ status: 'IN_PROGRESS', counts: { NOT_STARTED: 4 } });
    job.pass(RECONCILE_MS + 30_000);
    // The canary is given up, which is a failure.
    expect(await job.check()).toBe(1);
    expect(await job.state()).toMatchObject({ counts: { ERROR: 1, NOT_STARTED: 3 } });
    await job.check();
    expect(job.events.published).toMatchObject([{ status: 'ABORTED', counts: { ERROR: 1, CANCELLED: 3 } }]);
  });

  test('is checked again soon when the queue refused a part of a step', async () => {
    const job = await aJobWithCanary();
    await job.end([0, SUCCESS], [1, SUCCESS]);
    const send = job.queue.send.bind(job.queue);
    job.queue.send = async (messages) => [...messages];
    expect(await job.check()).toBe(1);
    job.queue.send = send;
    await job.check();
    expect(job.queued()).toEqual([0, 1, 2, 3, 4]);
  });
});

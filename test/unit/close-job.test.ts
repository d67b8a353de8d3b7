import { expect, test } from 'vitest';
import { closeJob } from '../../lambdas/domain/close-job.ts';
import { UPDATE_RETENTION_MS } from '../../lambdas/domain/job.ts';
import { SubmissionWriter } from '../../lambdas/domain/submission.ts';
import { aJob, aProcedure } from '../support/builders.ts';
import { MemoryEvents, MemoryJobs, MemoryProcesses, MemorySubmissions } from '../support/memory.ts';

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
    events,
    procedures: { find: async () => aProcedure() },
    processes: new MemoryProcesses([]),
    now: () => now,
  };
  const pauses: number[] = [];
  for (;;) {
    const seconds = await closeJob({ jobId: job.id, acceptingUntil: job.acceptingUntil }, ports);
    if (seconds === undefined) break;
    pauses.push(seconds);
    now += seconds * 1000;
  }
  expect(events.published).toHaveLength(1);
  expect(pauses[0]).toBe(1);
  expect(Math.max(...pauses)).toBe(15 * 60);
  expect(pauses.length).toBeLessThan(500);
  expect(now - job.createdAt - UPDATE_RETENTION_MS).toBeLessThan(60_000);
});

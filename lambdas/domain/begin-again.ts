import { definedOf } from '../contract/defined-of.ts';
import { MAX_CHUNKS } from '../contract/file-job.ts';
import type { AcceptedJob } from './accept-updates.ts';
import type { FileJob } from './file-header.ts';
import type { StoredJob } from './job.ts';
import type { FileJobs, FileSteps, JobState, Jobs } from './ports.ts';
import { checkRetryable, nothingToRetry } from './retry-job.ts';

export interface BeginAgainPorts {
  jobs: Jobs;
  fileJobs: Pick<FileJobs, 'begin'>;
  fileSteps: FileSteps;
  now: () => number;
  /** When the function's time limit ends this invocation, in epoch ms. */
  deadline: () => number;
  newId: () => string;
}

/**
 * Begins a job that undoes or retries a file job. Each of its chunks has what is to be done again of a chunk of that.
 * @returns its header, which is not stored
 */
export async function beginAgain(
  { team, procedure, primaryKey, name, file, creates, id: of, fileJob }: StoredJob & { fileJob: FileJob },
  kind: 'undo' | 'retry',
  { jobs, fileJobs, fileSteps, now, deadline, newId }: BeginAgainPorts,
): Promise<StoredJob> {
  const id = newId();
  const createdAt = now();
  const acceptingUntil = deadline();
  const sequence = await jobs.nextSequence(team, createdAt, MAX_CHUNKS);
  const { accepted: _accepted, options, ...frame } = fileJob;
  const job: StoredJob = definedOf({
    ...{ id, team, procedure, primaryKey, name, file, sequence, createdAt, acceptingUntil },
    creates: kind === 'retry' ? creates : undefined,
    ...{ total: 0, invalid: 0, chunkStarts: [], queuedAt: createdAt },
    fileJob: {
      ...frame,
      options: definedOf({ onMissing: options.onMissing }),
      accepted: { at: createdAt, sequence: sequence - MAX_CHUNKS + 1, etag: '' },
      again: { of, kind },
    },
    ...(kind === 'undo' ? { undoes: of } : { parent: of }),
  });
  await fileJobs.begin(id, createdAt);
  await scheduleSteps(job, fileSteps);
  return job;
}

/**
 * Retries a file job: a job of the entries that may succeed if they are sent again.
 * @throws RequestError 409 when the job is in progress, is undone, or has no such entries
 */
export async function retryFile(state: JobState, ports: BeginAgainPorts): Promise<AcceptedJob> {
  const { job, file } = state;
  checkRetryable(state);
  const queued = file?.progress.retryable ?? 0;
  if (queued === 0 || job.fileJob === undefined) throw nothingToRetry();
  const retry = await beginAgain({ ...job, fileJob: job.fileJob }, 'retry', ports);
  await ports.jobs.create(retry);
  return { job: retry, queued };
}

/** Has a file job read and applied. */
export async function scheduleSteps(
  { id, acceptingUntil, undoes }: StoredJob,
  fileSteps: FileSteps,
): Promise<void> {
  for (const kind of ['read', 'apply'] as const)
    await fileSteps.schedule(definedOf({ jobId: id, kind, acceptingUntil, undoes }), 1);
}

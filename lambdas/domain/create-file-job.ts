import { definedOf } from '../contract/defined-of.ts';
import { type FileJobFrame, PART_BYTES } from '../contract/file-job.ts';
import type { UpdateOptions } from '../contract/options.ts';
import type { Procedure } from '../contract/procedure.ts';
import type { AcceptedJob } from './accept-updates.ts';
import { fileKeys } from './file-job.ts';
import type { StoredJob } from './job.ts';
import type { FileJobs, FileSteps, Jobs, Uploads } from './ports.ts';

export interface CreateFileJobPorts {
  jobs: Jobs;
  fileJobs: FileJobs;
  fileSteps: FileSteps;
  uploads: Uploads;
  now: () => number;
  /** When the function's time limit ends this invocation, in epoch ms. */
  deadline: () => number;
}

export interface FileJobRequest {
  procedure: Procedure;
  frame: FileJobFrame;
  options: UpdateOptions;
}

/** The first look whether an upload was completed: SQS delays a message by 15 minutes at most. */
const FIRST_LOOK_SECONDS = 15 * 60;

/** Begins a job whose entries are the rows of a file that is uploaded next. */
export async function createFileJob(
  id: string,
  { procedure, frame, options }: FileJobRequest,
  { jobs, fileJobs, fileSteps, uploads, now, deadline }: CreateFileJobPorts,
): Promise<AcceptedJob> {
  const createdAt = now();
  const { canary, abortOn, onMissing } = options;
  const uploadId = await uploads.beginUpload(fileKeys.upload(id));
  const job: StoredJob = definedOf({
    id,
    team: procedure.team,
    procedure: procedure.shortId,
    primaryKey: procedure.primaryKey,
    name: options.name,
    file: options.source?.file,
    creates: onMissing === 'create' ? ('missing' as const) : undefined,
    sequence: await jobs.nextSequence(procedure.team, createdAt),
    createdAt,
    total: 0,
    invalid: 0,
    chunkStarts: [],
    acceptingUntil: deadline(),
    queuedAt: createdAt,
    fileJob: { ...frame, options: definedOf({ canary, abortOn, onMissing }), uploadId },
  });
  await fileJobs.begin(id, createdAt);
  const { acceptingUntil } = job;
  await fileSteps.schedule({ jobId: id, kind: 'expire', acceptingUntil }, FIRST_LOOK_SECONDS);
  await jobs.create(job);
  return { job, queued: 0 };
}

/** Number of parts that a file is uploaded in. */
export function partsOf(size: number): number {
  return Math.ceil(size / PART_BYTES);
}

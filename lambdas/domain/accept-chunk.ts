import { definedOf } from '../contract/defined-of.ts';
import type { ErrorBody } from '../contract/errors.ts';
import type { UpdateOptions } from '../contract/options.ts';
import type { Procedure } from '../contract/procedure.ts';
import type { ChunkRow } from '../rows/chunk-rows.ts';
import {
  type AcceptPorts,
  announceCreates,
  checkItems,
  createsOf,
  type UpdateRequest,
} from './accept-updates.ts';
import type { FileJob } from './file-header.ts';
import { partId, type StoredChunk } from './file-job.ts';
import { holdUpdates } from './held-updates.ts';
import { inspectBody } from './inspect-json.ts';
import type { StoredJob } from './job.ts';
import { stepsOf } from './release.ts';
import { SubmissionWriter } from './submission.ts';

export type ChunkPorts = Pick<
  AcceptPorts,
  'jobs' | 'announcements' | 'submissions' | 'heldUpdates' | 'jobChecks' | 'now' | 'deadline'
>;

/**
 * Makes a job of the rows of a chunk, whose entries the job check releases. It has the place in the order of acceptance that
 * was taken for the chunk: so the order of the rows is that of the updates, though chunks are applied side by side.
 *
 * Made twice, it is the same job.
 *
 * @returns its number of valid entries
 */
export async function acceptChunk(
  { job, chunk, rows, procedure, canary }: ChunkToAccept,
  ports: ChunkPorts,
): Promise<number> {
  const known = await ports.jobs.find(partId(job.id, chunk.row));
  if (known !== undefined) return known.total - known.invalid;
  return acceptRequest(job, chunk, requestOf(rows, job, procedure), canary, ports);
}

/** Makes the job of a chunk of a request. @returns its number of valid entries */
export async function acceptRequest(
  job: UploadedJob,
  chunk: StoredChunk,
  request: UpdateRequest,
  canary: ChunkCanary | undefined,
  ports: ChunkPorts,
): Promise<number> {
  const { jobs, submissions, heldUpdates, jobChecks, now, deadline } = ports;
  const id = partId(job.id, chunk.row);
  const submission = new SubmissionWriter();
  const valid = checkItems(request, (entry) => submission.add(entry));
  submission.end();
  const { abortOn } = job.fileJob.options;
  // Beyond the canary, the file job looks at the threshold: a chunk alone is not what it is about.
  const atCanary = abortOn && { ...abortOn, after: valid.length };
  const release = stepsOf(
    valid,
    canary === undefined ? {} : definedOf({ canary: canary.left, abortOn: atCanary }),
  );
  const held = holdUpdates(valid, release.steps, 0);
  const createdAt = now();
  const acceptingUntil = deadline();
  await announceCreates(id, request, valid, ports);
  await submissions.store(id, submission.chunks, createdAt);
  await heldUpdates.store(id, held.chunks, createdAt);
  await jobChecks.schedule({ jobId: id, acceptingUntil }, 1);
  const { team, procedure, primaryKey, name, file, fileJob } = job;
  await jobs.create(
    definedOf({
      ...{ id, team, procedure, primaryKey, name, file, createdAt, acceptingUntil },
      creates: createsOf(request),
      sequence: fileJob.accepted.sequence + chunk.number,
      total: request.items.length,
      invalid: request.items.length - valid.length,
      chunkStarts: submission.chunkStarts,
      queuedAt: createdAt,
      ...release,
      canaryBefore: canary?.before,
      heldStarts: held.starts,
      releasedTo: 0,
      partOf: partOf(job, chunk),
    }),
  );
  return valid.length;
}

/** What the job of a chunk says of that. */
export function partOf(
  { id }: StoredJob,
  { row, rows, number }: StoredChunk,
): NonNullable<StoredJob['partOf']> {
  return { id, row, rows, number };
}

/** A job from a file that is uploaded. */
export type UploadedJob = StoredJob & { fileJob: FileJob & Required<Pick<FileJob, 'accepted'>> };

export interface ChunkToAccept {
  job: UploadedJob;
  chunk: StoredChunk;
  rows: readonly ChunkRow[];
  procedure: Procedure;
  canary: ChunkCanary | undefined;
}

/** Of a chunk in which a canary goes on. */
export interface ChunkCanary {
  /** How many of the first valid entries are applied before any other. */
  left: number;
  /** What it came to in the chunks before. */
  before: NonNullable<StoredJob['canaryBefore']>;
}

/** The rows of a chunk as a request, which means what a PATCH with their items does. */
function requestOf(
  rows: readonly ChunkRow[],
  { fileJob, file }: UploadedJob,
  procedure: Procedure,
): UpdateRequest {
  const faults = new Map<number, ErrorBody[]>();
  for (const [index, { item, faults: found }] of rows.entries()) {
    if (item === undefined)
      faults.set(
        index,
        found.map((fault) => ({ ...fault, pointer: `/processes/${index}` }) as ErrorBody),
      );
  }
  const text = `{"processes":[${rows.map(({ item = 'null' }) => item).join(',')}]}`;
  const { processes: items } = JSON.parse(text) as { processes: unknown[] };
  const options: UpdateOptions = definedOf({
    onMissing: fileJob.options.onMissing,
    source: definedOf({ file, lines: rows.map(({ line }) => line) }),
  });
  return { procedure, items, textErrors: inspectBody(text), options, faults };
}

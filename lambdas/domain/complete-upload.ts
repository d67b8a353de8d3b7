import { counted } from '../contract/counted.ts';
import { MAX_CHUNKS } from '../contract/file-job.ts';
import { partsOf } from './create-file-job.ts';
import type { FileJob } from './file-header.ts';
import { fileKeys, isAwaitingUpload } from './file-job.ts';
import type { StoredJob } from './job.ts';
import type { Announcements, FileJobs, FileSteps, JobState, Jobs, UploadedPart, Uploads } from './ports.ts';
import { RequestError } from './request-error.ts';

export interface CompleteUploadPorts {
  jobs: Jobs;
  announcements: Pick<Announcements, 'announce'>;
  fileJobs: FileJobs;
  fileSteps: FileSteps;
  uploads: Uploads;
  now: () => number;
  /** When the function's time limit ends this invocation, in epoch ms. */
  deadline: () => number;
}

/**
 * Accepts the file of a job: completes its upload, takes its places in the order of acceptance, and has it read and applied.
 *
 * The steps are scheduled before the file is accepted: whatever dies afterwards, what is accepted is read. Those of an attempt
 * that broke off before end by themselves.
 *
 * @throws RequestError 400 when the parts are not those of the file, 409 when the job does not wait for a file
 */
export async function completeUpload(
  { job }: JobState,
  parts: readonly UploadedPart[],
  { jobs, announcements, fileJobs, fileSteps, uploads, now, deadline }: CompleteUploadPorts,
): Promise<void> {
  const fileJob = fileJobOf(job);
  if (fileJob.again !== undefined) throw notAwaiting();
  if (fileJob.accepted !== undefined) return;
  if (!isAwaitingUpload(job)) throw notAwaiting();
  checkParts(parts, fileJob);
  const { id, team, procedure } = job;
  const key = fileKeys.upload(id);
  const completed = await uploads.completeUpload(key, fileJob.uploadId, parts);
  if (completed.status === 'REFUSED') {
    // It may have been cancelled meanwhile, and its parts removed.
    const latest = await jobs.find(id);
    throw latest?.stopped === undefined ? refusedUpload(completed.fault) : notAwaiting();
  }
  if (completed.size !== fileJob.size) {
    // Its parts are joined by now, and no other can be sent.
    await jobs.markStopped(id, { at: now(), why: 'cancelled' });
    throw otherSize(completed.size, fileJob.size);
  }
  const acceptingUntil = deadline();
  if (job.creates !== undefined) await announcements.announce({ team, procedure, jobId: id, acceptingUntil });
  for (const kind of ['read', 'apply'] as const)
    await fileSteps.schedule({ jobId: id, kind, acceptingUntil }, 0);
  const at = now();
  const last = await jobs.nextSequence(team, at, MAX_CHUNKS);
  const accepted = { at, sequence: last - MAX_CHUNKS + 1, etag: completed.etag };
  if (await fileJobs.markAccepted(job, accepted)) return;
  const latest = await jobs.find(id);
  if (latest?.fileJob?.accepted === undefined) throw notAwaiting();
}

/** @throws RequestError 409 when the job is not from a file */
export function fileJobOf({ fileJob }: StoredJob): FileJob {
  if (fileJob !== undefined) return fileJob;
  throw new RequestError(
    'JOB_WITHOUT_FILE',
    'The job is not from a file: it has neither an upload nor files of results. Read its entries instead.',
  );
}

export function notAwaiting(): RequestError {
  return new RequestError(
    'JOB_NOT_AWAITING_UPLOAD',
    'The job does not wait for a file any more: it was uploaded, cancelled, or not uploaded within 24 hours. Begin a new job for another file.',
  );
}

/** S3 would make a file of some parts without the others. */
function checkParts(parts: readonly UploadedPart[], { size }: FileJob): void {
  const count = partsOf(size);
  const sent = new Set(parts.map(({ partNumber }) => partNumber));
  const missing = Array.from({ length: count }, (_, index) => index + 1).filter(
    (number) => !sent.has(number),
  );
  const isInOrder = parts.every(({ partNumber }, index) => partNumber === index + 1);
  if (missing.length > 0)
    throw invalid(
      `"parts" lacks ${missing.length === 1 ? 'part' : 'parts'} ${missing.slice(0, 10).join(', ')}${missing.length > 10 ? ', …' : ''}: the file has ${counted(count, 'part')}. Upload what is missing, and name all parts.`,
    );
  if (!isInOrder || parts.length !== count)
    throw invalid(`"parts" does not name parts 1 to ${count}, each once, in this order. Send them so.`);
}

const FAULTS: Readonly<Record<string, string>> = {
  InvalidPart:
    'A part is not there, or has another ETag than "parts" says. Upload the part again, and send the ETag of that response.',
  InvalidPartOrder: 'The parts are not in the order of their numbers. Send them in this order.',
  EntityTooSmall:
    'A part is smaller than "partSize", and it is not the last one. Upload each part but the last with that size.',
  NoSuchUpload: 'The upload does not exist any more. Begin a new job.',
};

function refusedUpload(fault: string): RequestError {
  return invalid(FAULTS[fault] ?? 'The parts could not be joined. Upload them again.');
}

function otherSize(found: number, size: number): RequestError {
  return new RequestError(
    'INVALID_UPLOAD',
    `The file has ${found} bytes, and "size" said ${size}: a part is not whole, or the file has changed since. The job is cancelled. Begin a new one.`,
    { pointer: '/parts' },
  );
}

function invalid(message: string): RequestError {
  return new RequestError('INVALID_UPLOAD', message, { pointer: '/parts' });
}

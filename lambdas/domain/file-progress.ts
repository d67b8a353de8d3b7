import type { EntryCounts } from '../contract/statuses.ts';
import { type FileState, isAwaitingUpload } from './file-job.ts';
import type { JobEnd, StoredJob } from './job.ts';
import type { JobProgress } from './job-progress.ts';

/**
 * Where a file job stands: the sum of what is reported of its chunks, and of what was seen of the jobs of the others.
 */
export function progressOfFile(job: StoredJob, { progress, open }: FileState): JobProgress {
  const { INVALID: invalid, SUCCESS: succeeded, ERROR: failed, CANCELLED: cancelled } = progress.counts;
  const counts: EntryCounts = {
    ...{ INVALID: invalid, NOT_STARTED: 0, SUCCESS: succeeded, ERROR: failed, CANCELLED: cancelled },
  };
  let { retryable, startedAt, lastAt } = progress;
  let total = progress.position.row + progress.surplus;
  for (const { seen, end: partEnd, total: entries, partOf } of open) {
    // Of what is done again, late results may have changed how much that is.
    total += entries - (partOf?.rows ?? entries);
    const part = partEnd === undefined ? seen : { ...partEnd, updatedAt: partEnd.completedAt };
    if (part === undefined) continue;
    for (const status of ['INVALID', 'SUCCESS', 'ERROR', 'CANCELLED'] as const)
      counts[status] += part.counts[status];
    retryable += partEnd?.retryable ?? 0;
    if (part.startedAt > 0)
      startedAt = startedAt === 0 ? part.startedAt : Math.min(startedAt, part.startedAt);
    lastAt = Math.max(lastAt, part.updatedAt);
  }
  const { INVALID, SUCCESS, ERROR, CANCELLED } = counts;
  counts.NOT_STARTED = total - INVALID - SUCCESS - ERROR - CANCELLED;
  const { end, fileJob, stopped, createdAt } = job;
  const updatedAt = Math.max(createdAt, fileJob?.accepted?.at ?? 0, stopped?.at ?? 0, lastAt);
  const isOff = fileJob?.accepted === undefined && stopped !== undefined;
  const status =
    end?.status ?? (isOff ? 'CANCELLED' : isAwaitingUpload(job) ? 'AWAITING_UPLOAD' : 'IN_PROGRESS');
  const isEnded = end !== undefined || isOff;
  return {
    status,
    counts,
    retryable: isEnded ? retryable : 0,
    startedAt: startedAt || (isEnded ? createdAt : 0),
    updatedAt: end?.completedAt ?? updatedAt,
    completedAt: isEnded ? (end?.completedAt ?? updatedAt) : 0,
  };
}

/**
 * How a file job has ended, once its file is read and all of its chunks are reported: what stops a job first decides.
 * @returns undefined while it has not
 */
export function endOfFile(
  job: StoredJob,
  { progress }: FileState,
  found: JobProgress,
  now: number,
): JobEnd | undefined {
  const { isTotalFinal, released, position, open, fault } = progress;
  if (found.status === 'CANCELLED') return { ...found, status: found.status };
  if (!isTotalFinal || released < position.row || open.length > 0) return undefined;
  const { counts, retryable, startedAt } = found;
  const isStoppedBefore = job.stopped !== undefined && job.stopped.at < (fault?.at ?? 0);
  // What had nothing to stop was not stopped.
  const isBroken = fault !== undefined && !(isStoppedBefore && counts.CANCELLED > 0);
  const status = isBroken ? 'FAILED' : counts.CANCELLED === 0 ? 'COMPLETED' : stoppedStatus(job);
  return { status, counts, retryable, startedAt: startedAt || job.createdAt, completedAt: now };
}

function stoppedStatus({ stopped }: StoredJob): JobEnd['status'] {
  return stopped?.why === 'threshold' ? 'ABORTED' : 'CANCELLED';
}

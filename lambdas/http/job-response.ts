import { createHash } from 'node:crypto';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { definedOf } from '../contract/defined-of.ts';
import type { UploadView } from '../contract/views.ts';
import type { AcceptedJob } from '../domain/accept-updates.ts';
import { type FileState, nothingRead } from '../domain/file-job.ts';
import type { StoredJob } from '../domain/job.ts';
import type { JobProgress } from '../domain/job-progress.ts';
import type { JobState } from '../domain/ports.ts';
import { countsView, jobView, progressOfState, secondsLeft, secondsToProcess } from '../domain/progress.ts';
import type { ApiResponse } from './api-handler.ts';

/**
 * The acknowledgment of a request: the same whenever the request is repeated.
 * @param jobs - the way from the request's URL to the jobs; relative, so that it is right below a stage and a proxy
 */
export function acknowledgment({ job, queued }: AcceptedJob, jobs: string): ApiResponse {
  // As it was accepted, whatever has become of it.
  const {
    end: _end,
    stopped: _stopped,
    approved: _approved,
    releasedAt: _at,
    undoneBy: _by,
    ...header
  } = job;
  const isHeld = job.plan !== undefined || job.undoes !== undefined;
  const accepted = { ...header, releasedTo: isHeld ? 0 : undefined };
  const state: JobState = { job: definedOf(accepted), log: [], ...(job.fileJob && { file: fileOf(queued) }) };
  const progress = progressOfState(state);
  return {
    status: 202,
    data: jobView(state.job, progress),
    meta: { ...acknowledged(state.job, progress), queued },
    headers: definedOf({
      location: `${jobs}/${job.id}`,
      // With which the plan can be approved as it is.
      etag: job.plan === undefined ? undefined : etagOf(state),
      'retry-after': job.plan === undefined ? String(secondsToProcess(queued)) : undefined,
    }),
  };
}

/** How far a job is that undoes or retries a file job, as it was accepted. @param rows - that are to be done again */
function fileOf(rows: number): FileState {
  const progress = nothingRead();
  return { progress: { ...progress, position: { ...progress.position, row: rows } }, open: [] };
}

/** The job of a file, with where to put its parts while it waits for them. */
export function fileAcknowledgment(state: JobState, upload: UploadView | undefined): ApiResponse {
  const progress = progressOfState(state);
  const data = { ...jobView(state.job, progress), ...definedOf({ upload }) };
  return { status: 200, data, meta: { ...countsView(state.job, progress) } };
}

function acknowledged(job: StoredJob, progress: JobProgress): Record<string, unknown> {
  const { plannedCompletionStatusVsCount } = countsView(job, progress);
  return definedOf({
    total: countsView(job, progress).total,
    queued: 0,
    invalid: job.invalid,
    plannedCompletionStatusVsCount,
  });
}

/** The acknowledgment of an approval, with the job as it is now: who approves again sees what became of it. */
export function approval(state: JobState, jobs: string, now: number): ApiResponse {
  const { job } = state;
  const progress = progressOfState(state);
  return {
    status: 202,
    data: jobView(job, progress),
    meta: { ...acknowledged(job, progress), queued: job.total - job.invalid },
    headers: definedOf({
      location: `${jobs}/${job.id}`,
      'retry-after': progress.status === 'IN_PROGRESS' ? String(secondsLeft(job, progress, now)) : undefined,
    }),
  };
}

/** Tells where a job stands apart from where it stood. */
export function etagOf(state: JobState): string {
  const progress = progressOfState(state);
  return tagOf(jobView(state.job, progress), countsView(state.job, progress));
}

/** @param shown - what a response shows */
function tagOf(...shown: unknown[]): string {
  return `"${createHash('sha256').update(JSON.stringify(shown)).digest('base64url')}"`;
}

/** Where a job stands; 304 when that is what a client who asks for it knows already. */
export function jobResponse(state: JobState, event: APIGatewayProxyEvent, now: number): ApiResponse {
  const progress = progressOfState(state);
  const { job } = state;
  const data = jobView(job, progress);
  const meta = countsView(job, progress);
  const etag = tagOf(data, meta);
  const headers = {
    etag,
    ...(progress.status === 'IN_PROGRESS' ? { 'retry-after': String(secondsLeft(job, progress, now)) } : {}),
  };
  const isRead = event.httpMethod === 'GET' || event.httpMethod === 'HEAD';
  if (isRead && matches(event.headers['if-none-match'], etag)) return { status: 304, headers };
  return { status: 200, data, meta: { ...meta }, headers };
}

/** Whether a header If-Match or If-None-Match names a tag: a list of tags, weak ones included, or any. RFC 9110, 13.1 */
export function matches(header: string | undefined, etag: string): boolean {
  const tags = (header ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes(etag) || tags.includes('*');
}

import { createHash } from 'node:crypto';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { AcceptedJob } from '../domain/accept-updates.ts';
import type { JobState } from '../domain/ports.ts';
import {
  countsView,
  jobView,
  progressOf,
  progressOfState,
  secondsLeft,
  secondsToProcess,
} from '../domain/progress.ts';
import type { ApiResponse } from './api-handler.ts';

/**
 * The acknowledgment of a request: the same whenever the request is repeated.
 * @param jobs - the way from the request's URL to the jobs; relative, so that it is right below a stage and a proxy
 */
export function acknowledgment({ job, queued }: AcceptedJob, jobs: string): ApiResponse {
  // As it was accepted, whatever has become of it.
  const { end: _end, stopped: _stopped, releasedTo: _to, releasedAt: _at, ...accepted } = job;
  return {
    status: 202,
    data: jobView(accepted, progressOf(accepted, new Map())),
    meta: { total: job.total, queued, invalid: job.invalid },
    headers: {
      location: `${jobs}/${job.id}`,
      'retry-after': String(secondsToProcess(queued)),
    },
  };
}

/** Where a job stands; 304 when that is what a client who asks for it knows already. */
export function jobResponse(state: JobState, event: APIGatewayProxyEvent, now: number): ApiResponse {
  const progress = progressOfState(state);
  const { job } = state;
  const data = jobView(job, progress);
  const meta = countsView(job, progress);
  const etag = `"${createHash('sha256')
    .update(JSON.stringify([data, meta]))
    .digest('base64url')}"`;
  const headers = {
    etag,
    ...(progress.status === 'IN_PROGRESS' ? { 'retry-after': String(secondsLeft(job, progress, now)) } : {}),
  };
  const isRead = event.httpMethod === 'GET' || event.httpMethod === 'HEAD';
  if (isRead && matches(event.headers['if-none-match'], etag)) return { status: 304, headers };
  return { status: 200, data, meta: { ...meta }, headers };
}

/** RFC 9110, 13.1.2: a list of tags, weak ones included, or any. */
function matches(ifNoneMatch: string | undefined, etag: string): boolean {
  const tags = (ifNoneMatch ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes(etag) || tags.includes('*');
}

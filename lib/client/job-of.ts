import { definedOf } from '../../lambdas/contract/defined-of.ts';
import type { JobCounts } from '../../lambdas/contract/views.ts';
import { contradiction } from './api-error.ts';
import { envelope, isObject } from './envelope.ts';
import type { ClientResponse } from './requests.ts';
import type { Accepted, Job, JobSummary } from './responses.ts';

/** Ids are put into paths and into the commands that users copy. */
const JOB_ID = /^\w[\w-]{0,127}$/;

/** Parses a job. @param expectedId - of the job that was requested; undefined if the request begins one */
export function jobOf(response: ClientResponse, expectedId: string | undefined): Job {
  const { _data, _meta } = envelope<JobSummary, JobCounts>(response);
  if (expectedId === undefined) assertId(_data, response);
  else if (_data.id !== expectedId)
    throw contradiction(response.status, 'returned another job than was requested');
  return { ...withCounts(_data, _meta), ...etagOf(response) };
}

/** Takes a job of a list. @throws ApiError when it is not a job */
export function listedJob(listed: JobSummary & JobCounts): Job {
  if (typeof listed?.id !== 'string') throw contradiction(200, 'listed something other than jobs');
  const { total, retryable, bjEntryCompletionStatusVsCount, plannedCompletionStatusVsCount, ...job } = listed;
  const planned = definedOf({ plannedCompletionStatusVsCount });
  return withCounts(job, {
    total,
    retryable,
    bjEntryCompletionStatusVsCount,
    ...planned,
    ...readingOf(listed),
  });
}

/** Parses the acknowledgment of a request. */
export function acknowledgmentOf(response: ClientResponse): Omit<Accepted, 'idempotencyKey' | 'isReplay'> {
  const { _data, _meta } = envelope<JobSummary, Pick<Accepted, 'total' | 'queued' | 'invalid'> & Planned>(
    response,
  );
  const { total, queued, invalid } = _meta;
  assertId(_data, response);
  if (![total, queued, invalid].every(isCount)) {
    throw contradiction(response.status, 'returned counts that are not whole numbers');
  }
  return { job: _data, total, queued, invalid, ...plannedOf(_meta), ...etagOf(response) };
}

type Planned = Pick<JobCounts, 'plannedCompletionStatusVsCount'>;

function assertId({ id }: JobSummary, { status }: ClientResponse): void {
  if (typeof id !== 'string' || !JOB_ID.test(id))
    throw contradiction(status, 'returned a job without a valid id');
}

function etagOf({ headers }: ClientResponse): { etag?: string } {
  return definedOf({ etag: headers.get('etag') ?? undefined });
}

function withCounts(job: JobSummary, counted: JobCounts): Job {
  const { total, retryable, bjEntryCompletionStatusVsCount: counts } = counted;
  const { isTotalFinal: _isFinal, ...read } = readingOf(counted);
  const numbers = [total, retryable, ...Object.values(counts ?? {}), ...Object.values(read)];
  if (!isObject(counts) || !numbers.every(isCount)) {
    throw contradiction(200, 'returned counts that are not whole numbers');
  }
  return { ...job, total, retryable, counts, ...readingOf(counted), ...plannedOf(counted) };
}

/** How far the file of a job is read. */
function readingOf({ isTotalFinal, bytesRead, size }: JobCounts) {
  return definedOf({ isTotalFinal, bytesRead, size });
}

function plannedOf({ plannedCompletionStatusVsCount: plannedCounts }: Planned): Pick<Job, 'plannedCounts'> {
  if (plannedCounts === undefined) return {};
  const { INVALID, SUCCESS, ERROR } = plannedCounts ?? {};
  if ([INVALID, SUCCESS, ERROR].every(isCount)) return { plannedCounts };
  throw contradiction(200, 'returned a plan whose counts are not whole numbers');
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

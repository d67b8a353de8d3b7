import { isKept } from '../domain/job.ts';
import type { JobState } from '../domain/ports.ts';
import { RequestError } from '../domain/request-error.ts';
import type { ApiRequest } from './api-handler.ts';
import { checkAllowed } from './caller.ts';

/** A UUID, unlike the other keys of the table. */
const JOB_ID = /^[0-9a-f-]{36}$/;

/**
 * The job that the path names.
 * @throws RequestError 404 when the team has none, or it is kept no more, 403 when the key does not allow its procedure
 */
export async function jobOf(
  { path, caller }: ApiRequest,
  read: (jobId: string) => Promise<JobState | undefined>,
  now: number,
): Promise<JobState> {
  const id = path.id ?? '';
  const state = JOB_ID.test(id) ? await read(id) : undefined;
  if (state === undefined || state.job.team !== caller.team || !isKept(state.job, now)) {
    throw new RequestError('JOB_NOT_FOUND', 'There is no such background job. Jobs are kept for 30 days.');
  }
  checkAllowed(caller, state.job.procedure);
  return state;
}

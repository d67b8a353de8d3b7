import { isPlanned } from './plan.ts';
import type { JobChecks, JobState, Jobs } from './ports.ts';
import { RequestError } from './request-error.ts';

export interface ApprovePorts {
  jobs: Jobs;
  jobChecks: JobChecks;
  now: () => number;
}

/**
 * Approves a plan: from now on it is accepted, with its place in the team's order of acceptance, and the job check
 * releases its updates. Of several approvals, and of an approval and a discard, the first one counts.
 *
 * @param isAsSeen - whether the plan is still the one that the client has seen
 * @throws RequestError 409 when the job is not a plan, was discarded or has expired; 412 when it is another than seen
 */
export async function approvePlan(
  { job }: JobState,
  isAsSeen: () => boolean,
  { jobs, jobChecks, now }: ApprovePorts,
): Promise<void> {
  if (job.plan !== undefined && job.approved !== undefined) return;
  if (!isPlanned(job)) throw notPlanned();
  if (!isAsSeen()) {
    throw new RequestError(
      'ETAG_MISMATCH',
      'The plan is not the one that "If-Match" names. Read the job again, look at its plan, and approve it with the ETag of that response.',
    );
  }
  const { id, acceptingUntil } = job;
  const sequence = await jobs.nextSequence(job.team, now());
  // Before it is noted: what dies in between leaves a check of a plan, not an approved plan that waits for its next one.
  await jobChecks.schedule({ jobId: id, acceptingUntil }, 1);
  if (await jobs.markApproved(id, { at: now(), sequence })) return;
  const latest = await jobs.find(id);
  if (latest?.approved === undefined) throw notPlanned();
}

function notPlanned(): RequestError {
  return new RequestError(
    'JOB_NOT_PLANNED',
    'The job is not a plan that can be approved: it was never planned, or was discarded, or has expired after 24 hours. Send the request again with "plan": true.',
  );
}

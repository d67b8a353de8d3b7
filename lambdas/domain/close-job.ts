import type { Events, Jobs, Reminder } from './ports.ts';
import { progressOfState, secondsLeft } from './progress.ts';

export interface ClosePorts {
  jobs: Jobs;
  events: Events;
  now: () => number;
}

/** Longer than an invocation takes; then somebody else may announce the job. */
const LEASE_MS = 60_000;
/** Pause while another invocation announces the job, or while accepting may still store it. */
const PAUSE_SECONDS = 5;

/**
 * Notes the end of a job that has ended and announces it, once.
 *
 * The event is published before that is noted, by one invocation at a time: an invocation that dies in
 * between leaves a second event, never none.
 *
 * @returns after how many seconds to try again, or undefined when nothing is left to do
 */
export async function closeJob(
  { jobId, acceptingUntil }: Reminder,
  { jobs, events, now }: ClosePorts,
): Promise<number | undefined> {
  const state = await jobs.read(jobId);
  if (state === undefined) return now() > acceptingUntil ? undefined : PAUSE_SECONDS;
  const { job } = state;
  if (job.announcedAt !== undefined) return undefined;

  const progress = progressOfState(state, now());
  const { status, counts, startedAt, completedAt } = progress;
  if (status === 'IN_PROGRESS') return secondsLeft(progress, now());

  const end = job.end ?? { status, counts, startedAt, completedAt };
  const isOurs = await jobs.close(jobId, end, { now: now(), until: now() + LEASE_MS });
  if (!isOurs) return PAUSE_SECONDS;
  await events.publish({
    id: jobId,
    team: job.team,
    procedure: job.procedure,
    status: end.status,
    total: job.total,
    counts: end.counts,
    durationMs: end.completedAt - job.createdAt,
  });
  await jobs.markAnnounced(jobId, now());
  return undefined;
}

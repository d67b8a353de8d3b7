import type { Job } from '../../client/index.ts';
import { processedOf } from '../model/progress.ts';
import { hashOf } from '../model/route.ts';
import { undoneText } from '../model/undo.ts';
import { appliedWord, count, jobName, jobWords, timeText } from '../model/words.ts';
import { OutcomeBar } from '../ui/OutcomeBar.tsx';
import { StatusBadge } from '../ui/StatusBadge.tsx';

interface JobListProps {
  jobs: readonly Job[];
  /** Whether they are numbered, as the plans of a file are. */
  isNumbered?: boolean;
}

export function JobList({ jobs, isNumbered = false }: JobListProps) {
  return (
    <ul class="job-list card">
      {jobs.map((job, position) => (
        <li key={job.id}>
          <a class="job-link" href={hashOf({ page: 'job', jobId: job.id })}>
            <span class="job-name">
              <span class="job-title">{jobName(job)}</span>
              {isNumbered ? (
                <span class="muted">
                  Plan {position + 1} of {jobs.length}
                </span>
              ) : (
                job.name !== null && <span class="muted">{job.procedure}</span>
              )}
            </span>
            <StatusBadge {...jobWords(job)} />
            <span class="job-counts">
              <OutcomeBar job={job} label="Entries processed" />
              <span class="muted">{countsText(job)}</span>
            </span>
            <time class="muted" dateTime={new Date(job.createdAt).toISOString()}>
              {timeText(job.createdAt)}
            </time>
          </a>
          {job.undoes !== undefined && (
            <p class="job-note">
              Undoes <LinkedJob jobId={job.undoes} jobs={jobs} otherwise="an earlier job" />
            </p>
          )}
          {job.undoneBy !== undefined && (
            <p class="job-note">
              {undoneText(jobs.find(({ id }) => id === job.undoneBy))}{' '}
              <LinkedJob jobId={job.undoneBy} jobs={jobs} otherwise="a later job" />
            </p>
          )}
        </li>
      ))}
    </ul>
  );
}

interface LinkedJobProps {
  jobId: string;
  jobs: readonly Job[];
  /** The text for a job that is not listed. */
  otherwise: string;
}

/** Leads to an undo, or to the job that it undoes. */
function LinkedJob({ jobId, jobs, otherwise }: LinkedJobProps) {
  const job = jobs.find(({ id }) => id === jobId);
  return (
    <a href={hashOf({ page: 'job', jobId })}>
      {job === undefined ? otherwise : `${jobName(job)}, ${timeText(job.createdAt)}`}
    </a>
  );
}

function countsText(job: Job): string {
  const { completionStatus, counts, total, retryable, plannedCounts, undoneBy } = job;
  if (completionStatus === 'PLANNED')
    return `${count(plannedCounts?.SUCCESS ?? 0)} of ${count(total)} would be applied`;
  if (completionStatus === 'IN_PROGRESS') return `${count(processedOf(job))} of ${count(total)} processed`;
  const applied = `${count(counts.SUCCESS)} of ${count(total)} ${appliedWord(job)}`;
  return retryable === 0 || undoneBy !== undefined
    ? applied
    : `${applied} · ${count(retryable)} can be retried`;
}

import { useState } from 'preact/hooks';
import type { EntryStatus, Job } from '../../client/index.ts';
import { useJob } from '../hooks/job.ts';
import { useTitle } from '../hooks/title.ts';
import { percentOf, processedOf } from '../model/progress.ts';
import { hashOf } from '../model/route.ts';
import { JOB_WORDS, timeText } from '../model/words.ts';
import { FailureNotice } from '../ui/FailureNotice.tsx';
import { StatusBadge } from '../ui/StatusBadge.tsx';
import { Entries } from './Entries.tsx';
import { JobActions } from './JobActions.tsx';
import { JobProgressPanel } from './JobProgressPanel.tsx';

/** A job with its progress and entries. */
export function JobPage({ jobId }: { jobId: string }) {
  const { job, samples, error, tryAgain } = useJob(jobId);
  const [filter, setFilter] = useState<EntryStatus>();
  useTitle(titleOf(job));

  return (
    <>
      <p>
        <a class="back" href={hashOf({ page: 'jobs' })}>
          ← All jobs
        </a>
      </p>
      <div class="heading">
        <h1>Job{job !== undefined && <> of {job.procedure}</>}</h1>
        {job !== undefined && <StatusBadge {...JOB_WORDS[job.completionStatus]} />}
      </div>
      <p class="muted job-facts">
        <code>{jobId}</code>
        {job !== undefined && <> · accepted {timeText(job.createdAt)}</>}
        {job?.parent !== undefined && (
          <>
            {' · retries '}
            <a href={hashOf({ page: 'job', jobId: job.parent })}>an earlier job</a>
          </>
        )}
      </p>
      {error !== undefined && <FailureNotice error={error} onTryAgain={tryAgain} />}
      {job === undefined && error === undefined && <p class="muted">Loading …</p>}
      {job !== undefined && (
        <div class="stack">
          <div class="card">
            <JobProgressPanel job={job} samples={samples} />
            <JobActions job={job} />
          </div>
          <Entries job={job} filter={filter} onFilter={setFilter} />
        </div>
      )}
    </>
  );
}

/** Returns the title, with the progress first so that a background tab shows it. */
function titleOf(job: Job | undefined): string {
  if (job === undefined) return 'Job';
  const { completionStatus, procedure, total } = job;
  const state =
    completionStatus === 'IN_PROGRESS'
      ? `${percentOf(processedOf(job), total)}%`
      : JOB_WORDS[completionStatus].label;
  return `${state} · Job of ${procedure}`;
}

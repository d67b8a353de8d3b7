import type { Job } from '../../client/index.ts';
import { useJob } from '../hooks/job.ts';
import { useLinkedJob } from '../hooks/linked-job.ts';
import { useTitle } from '../hooks/title.ts';
import { isPlanned } from '../model/planned.ts';
import { percentOf, processedOf } from '../model/progress.ts';
import { hashOf } from '../model/route.ts';
import { jobName, jobWords, timeText } from '../model/words.ts';
import { FailureNotice } from '../ui/FailureNotice.tsx';
import { Sign } from '../ui/Sign.tsx';
import { StatusBadge } from '../ui/StatusBadge.tsx';
import { Entries } from './Entries.tsx';
import { JobActions } from './JobActions.tsx';
import { JobProgressPanel } from './JobProgressPanel.tsx';
import { PlanView } from './PlanView.tsx';
import { StaleNotice } from './StaleNotice.tsx';
import { UndoLinks } from './UndoLinks.tsx';
import { Undone } from './Undone.tsx';

/** A job with its progress and entries, or a plan with what it would change. */
export function JobPage({ jobId }: { jobId: string }) {
  const { job, readAt, samples, error, again, tryAgain } = useJob(jobId);
  const undo = useLinkedJob(job?.undoneBy);
  const undone = useLinkedJob(job?.undoes);
  useTitle(titleOf(job));

  return (
    <>
      <p>
        <a class="back" href={hashOf({ page: 'jobs', filter: {} })}>
          <Sign>←</Sign> All jobs
        </a>
      </p>
      <div class="heading">
        <h1>{job === undefined ? 'Job' : <JobHeading job={job} />}</h1>
        {job !== undefined && <StatusBadge {...jobWords(job)} />}
      </div>
      <p class="muted job-facts">
        <code>{jobId}</code>
        {job !== undefined && (
          <>
            {' '}
            · {isPlanned(job) ? 'saved' : 'accepted'} {timeText(job.createdAt)}
          </>
        )}
        {job?.parent !== undefined && (
          <>
            {' · retries '}
            <a href={hashOf({ page: 'job', jobId: job.parent })}>an earlier job</a>
          </>
        )}
      </p>
      {error !== undefined &&
        (job === undefined ? (
          <FailureNotice error={error} onTryAgain={tryAgain} />
        ) : (
          <StaleNotice error={error} readAt={readAt} onTryAgain={tryAgain} />
        ))}
      {job === undefined && error === undefined && <p class="muted">Loading …</p>}
      {job !== undefined && isPlanned(job) && <PlanView job={job} onChanged={again} />}
      {job !== undefined && !isPlanned(job) && (
        <div class="stack">
          <UndoLinks job={job} undone={undone} undo={undo} />
          <div class="card">
            <JobProgressPanel job={job} samples={samples} />
            {job.undoes !== undefined && <Undone job={job} undone={undone} />}
            <JobActions job={job} undo={undo} />
          </div>
          <Entries job={job} />
        </div>
      )}
    </>
  );
}

function JobHeading({ job }: { job: Job }) {
  if (job.name === null) return <>{jobName(job)}</>;
  return (
    <>
      <span class="job-title">{jobName(job)}</span>{' '}
      <small>
        {isPlanned(job) ? 'Plan' : 'Job'} of {job.procedure}
      </small>
    </>
  );
}

/** Returns the title, with the progress first so that a background tab shows it. */
function titleOf(job: Job | undefined): string {
  if (job === undefined) return 'Job';
  const { completionStatus, total } = job;
  const state =
    completionStatus === 'IN_PROGRESS' ? `${percentOf(processedOf(job), total)}%` : jobWords(job).label;
  return `${state} · ${jobName(job)}`;
}

import type { Job } from '../../client/index.ts';
import { useScope } from '../hooks/api-key.ts';
import { useJob } from '../hooks/job.ts';
import { useLinkedJob } from '../hooks/linked-job.ts';
import { useTitle } from '../hooks/title.ts';
import { hashOf } from '../model/route.ts';
import { isUndoable } from '../model/undo.ts';
import { count, jobName, timeText } from '../model/words.ts';
import { FailureNotice } from '../ui/FailureNotice.tsx';
import { Notice } from '../ui/Notice.tsx';
import { Sign } from '../ui/Sign.tsx';
import { UndoneBy } from './UndoLinks.tsx';
import { UndoView } from './UndoView.tsx';

/** What an undo of a job would do, before it is done. */
export function UndoPage({ jobId }: { jobId: string }) {
  const { job, error, tryAgain } = useJob(jobId);
  useTitle(job === undefined ? 'Undo' : headingOf(job));
  return (
    <>
      <p>
        <a class="back" href={hashOf({ page: 'job', jobId })}>
          <Sign>←</Sign> Back to the job
        </a>
      </p>
      <h1>
        <span class="job-title">{job === undefined ? 'Undo' : headingOf(job)}</span>
      </h1>
      <p class="muted job-facts">
        <code>{jobId}</code>
        {job !== undefined && ` · ${job.procedure} · accepted ${timeText(job.createdAt)}`}
      </p>
      {error !== undefined && <FailureNotice error={error} onTryAgain={tryAgain} />}
      {job === undefined && error === undefined && <p class="muted">Loading …</p>}
      {job !== undefined && <UndoOf job={job} />}
    </>
  );
}

function UndoOf({ job }: { job: Job }) {
  const mayLook = useScope('plan');
  const undo = useLinkedJob(job.undoneBy);
  if (!mayLook) {
    return (
      <Notice tone="warn" title="Your API key only reads.">
        <p>
          To see what an undo would do, sign in with a key with the scope “plan”; to undo the job, with
          “write”.
        </p>
      </Notice>
    );
  }
  if (job.completionStatus === 'IN_PROGRESS') {
    return (
      <Notice tone="info" title="This job is still in progress.">
        <p>
          {count(job.counts.NOT_STARTED)} of {count(job.total)} entries wait. When it has ended, you see here
          what an undo would do.
        </p>
      </Notice>
    );
  }
  if (job.undoneBy !== undefined && !isUndoable(job, undo))
    return <UndoneBy undoneBy={job.undoneBy} undo={undo} />;
  return <UndoView job={job} />;
}

function headingOf(job: Job): string {
  const name = jobName(job);
  return job.undoes === undefined ? `Undo ${name}?` : `Undo the ${name.replace('Undo', 'undo')}?`;
}

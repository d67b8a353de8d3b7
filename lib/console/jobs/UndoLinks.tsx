import type { Job } from '../../client/index.ts';
import { hashOf } from '../model/route.ts';
import { isStandingUndo } from '../model/undo.ts';
import { jobName, timeText } from '../model/words.ts';
import { Notice } from '../ui/Notice.tsx';

interface UndoLinksProps {
  job: Job;
  /** The job that it undoes. Undefined until it is read. */
  undone: Job | undefined;
  /** The last undo of the job. Undefined until it is read. */
  undo: Job | undefined;
}

/** Which job this one undoes, and which one undoes it. */
export function UndoLinks({ job, undone, undo }: UndoLinksProps) {
  const { undoes, undoneBy } = job;
  return (
    <>
      {undoes !== undefined && (
        <Notice tone="info">
          <p>
            This job undoes <JobLink jobId={undoes} job={undone} otherwise="an earlier job" />.
          </p>
        </Notice>
      )}
      {undoneBy !== undefined && <UndoneBy undoneBy={undoneBy} undo={undo} />}
    </>
  );
}

/** By which job another one is undone, or was to be. */
export function UndoneBy({ undoneBy, undo }: { undoneBy: string; undo: Job | undefined }) {
  const link = <JobLink jobId={undoneBy} job={undo} otherwise="a later job" />;
  if (undo === undefined || isStandingUndo(undo)) {
    const isRunning = undo?.completionStatus === 'IN_PROGRESS';
    return (
      <Notice tone="info">
        <p>
          {isRunning ? 'Being undone' : 'Undone'} by {link}. To get the values of this job back, undo that
          undo.
        </p>
      </Notice>
    );
  }
  return (
    <Notice tone="info">
      {undo.undoneBy === undefined ? (
        <p>
          Its undo, {link}, came to no end: what it had not reached stays as it is. You can undo this job
          again.
        </p>
      ) : (
        <p>Its undo, {link}, was undone itself. You can undo this job again.</p>
      )}
    </Notice>
  );
}

interface JobLinkProps {
  jobId: string;
  job: Job | undefined;
  /** The text as long as the job is not read. */
  otherwise: string;
}

function JobLink({ jobId, job, otherwise }: JobLinkProps) {
  return (
    <>
      <a href={hashOf({ page: 'job', jobId })}>{job === undefined ? otherwise : jobName(job)}</a>
      {job !== undefined && ` of ${timeText(job.createdAt)}`}
    </>
  );
}

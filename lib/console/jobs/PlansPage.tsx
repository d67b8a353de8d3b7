import type { Job } from '../../client/index.ts';
import { usePlans } from '../hooks/plans.ts';
import { useTitle } from '../hooks/title.ts';
import { expiresAt, isPlanned } from '../model/planned.ts';
import { hashOf } from '../model/route.ts';
import { count, counted, durationLeftText } from '../model/words.ts';
import { FailureNotice } from '../ui/FailureNotice.tsx';
import { Sign } from '../ui/Sign.tsx';
import { JobList } from './JobList.tsx';
import { PlansActions } from './PlansActions.tsx';
import { StaleNotice } from './StaleNotice.tsx';

/** The plans that a file was saved as, since it is larger than a request. */
export function PlansPage({ jobIds }: { jobIds: readonly string[] }) {
  const { reading, error, again, tryAgain } = usePlans(jobIds);
  const jobs = reading?.jobs ?? [];
  useTitle('Plans');

  return (
    <>
      <p>
        <a class="back" href={hashOf({ page: 'jobs', filter: {} })}>
          <Sign>←</Sign> All jobs
        </a>
      </p>
      <h1>
        <span class="job-title">{headingOf(jobs)}</span>
      </h1>
      {error !== undefined &&
        (reading === undefined ? (
          <FailureNotice error={error} onTryAgain={tryAgain} />
        ) : (
          <StaleNotice error={error} readAt={reading.readAt} onTryAgain={tryAgain} />
        ))}
      {reading === undefined && error === undefined && <p class="muted">Loading …</p>}
      {reading !== undefined && (
        <>
          <div class="card">
            <Summary jobs={jobs} />
            <PlansActions jobs={jobs} onChanged={again} />
          </div>
          <JobList jobs={jobs} isNumbered />
        </>
      )}
    </>
  );
}

function Summary({ jobs }: { jobs: readonly Job[] }) {
  const waiting = jobs.filter(isPlanned);
  const [first] = waiting;
  if (first === undefined) return <p>None of these plans waits for its approval any more.</p>;
  const planned = sum(waiting, ({ plannedCounts }) => plannedCounts?.SUCCESS ?? 0);
  const total = sum(waiting, (job) => job.total);
  return (
    <div class="job-progress">
      <p class="big">
        <strong>{count(planned)}</strong> of {count(total)} would be applied
      </p>
      <p class="rate">the first expires in {durationLeftText(expiresAt(first) - Date.now())}</p>
      <p>
        {counted(waiting.length, 'plan')} of {count(jobs.length)} {waiting.length === 1 ? 'waits' : 'wait'}{' '}
        for approval. Open a plan to see each row before and after. They are approved in this order.
      </p>
      <p class="status-message">
        If rows of two plans change the same field of a record, only the first is applied.
      </p>
    </div>
  );
}

function headingOf(jobs: readonly Job[]): string {
  const [first] = jobs;
  if (first === undefined) return 'Plans';
  return `Plans of ${first.name ?? first.procedure}`;
}

function sum(jobs: readonly Job[], numberOf: (job: Job) => number): number {
  return jobs.reduce((all, job) => all + numberOf(job), 0);
}

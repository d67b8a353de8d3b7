import { useJobs } from '../hooks/jobs.ts';
import { useTitle } from '../hooks/title.ts';
import { hashOf, type JobsFilter } from '../model/route.ts';
import { FailureNotice } from '../ui/FailureNotice.tsx';
import { JobFilters } from './JobFilters.tsx';
import { JobList } from './JobList.tsx';
import { StaleNotice } from './StaleNotice.tsx';

/** The team's jobs, newest first. The list keeps itself up to date. */
export function JobsPage({ filter }: { filter: JobsFilter }) {
  const { list, error, tryAgain, showMore } = useJobs(filter);
  const isFiltered = Object.keys(filter).length > 0;
  useTitle('Jobs');

  return (
    <>
      <h1>Jobs</h1>
      <JobFilters filter={filter} />
      {error !== undefined &&
        (list === undefined ? (
          <FailureNotice error={error} onTryAgain={tryAgain} />
        ) : (
          <StaleNotice error={error} readAt={list.readAt} onTryAgain={tryAgain} />
        ))}
      {list === undefined && error === undefined && <p class="muted">Loading …</p>}
      {list?.jobs.length === 0 && (isFiltered ? <NoneFound /> : <NoJobs />)}
      {list !== undefined && list.jobs.length > 0 && <JobList jobs={list.jobs} />}
      {list?.hasMore === true && (
        <div>
          <button type="button" class="button" onClick={showMore}>
            Show more
          </button>
        </div>
      )}
    </>
  );
}

function NoJobs() {
  return (
    <div class="card empty-state">
      <h2>No jobs yet</h2>
      <p class="muted">Jobs of your team are listed here for 30 days.</p>
      <a class="button primary" href={hashOf({ page: 'send' })}>
        Send rows
      </a>
    </div>
  );
}

function NoneFound() {
  return (
    <div class="card empty-state">
      <h2>No job fits the filter</h2>
      <a class="button" href={hashOf({ page: 'jobs', filter: {} })}>
        Show all jobs
      </a>
    </div>
  );
}

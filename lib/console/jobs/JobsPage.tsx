import { useEffect, useRef, useState } from 'preact/hooks';
import type { JobSummary } from '../../client/index.ts';
import { useFailure } from '../hooks/failure.ts';
import { useSession } from '../hooks/session.ts';
import { useTitle } from '../hooks/title.ts';
import { hashOf } from '../model/route.ts';
import { JOB_WORDS, timeText } from '../model/words.ts';
import { FailureNotice } from '../ui/FailureNotice.tsx';
import { StatusBadge } from '../ui/StatusBadge.tsx';

const PAGE = 50;

/** The team's jobs, newest first. */
export function JobsPage() {
  const { client } = useSession();
  const { error, fail, clear } = useFailure();
  const [jobs, setJobs] = useState<readonly JobSummary[]>();
  const [hasMore, setHasMore] = useState(false);
  const [attempt, setAttempt] = useState(0);
  const more = useRef<() => Promise<void>>(undefined);
  useTitle('Jobs');

  // A new attempt reads from the start.
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    const reader = client({ signal }).jobs({ limit: PAGE });
    const read: JobSummary[] = [];
    let next = reader.next();
    const readPage = async () => {
      const end = read.length + PAGE;
      try {
        while (read.length < end) {
          const { value, done } = await next;
          if (done === true || value === undefined) break;
          read.push(value);
          next = reader.next();
        }
        // One ahead, so that "Show more" always shows more.
        const { done } = await next;
        if (signal.aborted) return;
        setJobs([...read]);
        setHasMore(done !== true);
        clear();
      } catch (failure) {
        fail(failure);
      }
    };
    more.current = readPage;
    void readPage();
    return () => controller.abort();
  }, [client, fail, clear, attempt]);

  return (
    <>
      <div class="heading">
        <h1>Jobs</h1>
        <button type="button" class="button" onClick={() => setAttempt(attempt + 1)}>
          Refresh
        </button>
      </div>
      {error !== undefined && <FailureNotice error={error} onTryAgain={() => setAttempt(attempt + 1)} />}
      {jobs === undefined && error === undefined && <p class="muted">Loading …</p>}
      {jobs?.length === 0 && (
        <div class="card empty-state">
          <h2>No jobs yet</h2>
          <p class="muted">Jobs of your team are listed here for 30 days.</p>
          <a class="button primary" href={hashOf({ page: 'send' })}>
            Send updates
          </a>
        </div>
      )}
      {jobs !== undefined && jobs.length > 0 && <JobList jobs={jobs} />}
      {hasMore && (
        <button type="button" class="button" onClick={() => void more.current?.()}>
          Show more
        </button>
      )}
    </>
  );
}

function JobList({ jobs }: { jobs: readonly JobSummary[] }) {
  return (
    <ul class="job-list card">
      {jobs.map(({ id, procedure, createdAt, completionStatus }) => (
        <li key={id}>
          <a class="job-link" href={hashOf({ page: 'job', jobId: id })}>
            <span class="job-procedure">{procedure}</span>
            <StatusBadge {...JOB_WORDS[completionStatus]} />
            <time class="muted" dateTime={new Date(createdAt).toISOString()}>
              {timeText(createdAt)}
            </time>
            <code class="job-id muted">{id}</code>
          </a>
        </li>
      ))}
    </ul>
  );
}

import { useEffect, useRef } from 'preact/hooks';
import { useFailure } from '../hooks/failure.ts';
import { goTo } from '../hooks/route.ts';
import { useSession } from '../hooks/session.ts';
import type { Sending } from '../model/flow.ts';
import { hashOf } from '../model/route.ts';
import { sendRows } from '../model/send.ts';
import { count, counted } from '../model/words.ts';
import { Announcer } from '../ui/Announcer.tsx';
import { FailureNotice } from '../ui/FailureNotice.tsx';
import { Notice } from '../ui/Notice.tsx';
import { ProgressBar } from '../ui/ProgressBar.tsx';
import type { StepProps } from './SendPage.tsx';
import { StepHeading } from './StepHeading.tsx';

/** Attempts of one request, as the client has it: what is being sent is worth waiting for. */
const ATTEMPTS = 8;

/** Sends the rows, and leads to their job. */
export function SendStep({ flow, dispatch }: StepProps<Sending>) {
  const { procedure, rows, jobs, isBusy, error } = flow;
  const { client } = useSession();
  const { fail } = useFailure();
  const hasBegun = useRef(false);
  const sent = jobs.reduce((sum, { total }) => sum + total, 0);
  const replays = jobs.filter(({ isReplay }) => isReplay);

  async function send(salt?: string) {
    dispatch({ type: 'send' });
    try {
      let only: string | undefined;
      let isPlain = true;
      for await (const job of sendRows(client({ attempts: ATTEMPTS }), procedure.shortId, rows, salt)) {
        isPlain = isPlain && only === undefined && !job.isReplay;
        only = job.id;
        dispatch({ type: 'sent', job });
      }
      dispatch({ type: 'all sent' });
      if (only !== undefined && isPlain) {
        dispatch({ type: 'start again' });
        goTo({ page: 'job', jobId: only });
      }
    } catch (failure) {
      dispatch({ type: 'failed', error: failure });
      fail(failure);
    }
  }

  // Sends once.
  useEffect(() => {
    if (hasBegun.current || !isBusy || jobs.length > 0) return;
    hasBegun.current = true;
    void send();
  }, []);

  return (
    <div class="stack">
      <div class="card">
        <StepHeading>{headingOf(flow)}</StepHeading>
        {isBusy && <ProgressBar label="Rows sent" done={sent} total={rows.length} />}
        <Announcer text={isBusy ? '' : headingOf(flow)} />
        {error !== undefined && <FailureNotice error={error} onTryAgain={() => void send()} />}
        {!isBusy && replays.length > 0 && (
          <Notice tone="info" title="Nothing was sent twice">
            <p>
              The API had accepted {replays.length === jobs.length ? 'these rows' : 'some of these rows'} in
              the last 24 hours. Their {replays.length === 1 ? 'job is' : 'jobs are'} below. Sending them
              again applies them after everything that came since.
            </p>
            <button type="button" class="button" onClick={() => void send(new Date().toISOString())}>
              Send them again
            </button>
          </Notice>
        )}
        {jobs.length > 0 && (
          <ol class="job-links">
            {jobs.map(({ id, total }, position) => (
              <li key={id}>
                <a href={hashOf({ page: 'job', jobId: id })}>
                  Job {position + 1}: {counted(total, 'row')}
                </a>
              </li>
            ))}
          </ol>
        )}
      </div>
      {!isBusy && (
        <div class="actions">
          <button type="button" class="button" onClick={() => dispatch({ type: 'start again' })}>
            Send another file
          </button>
        </div>
      )}
    </div>
  );
}

function headingOf({ isBusy, error, jobs, rows }: Sending): string {
  const sent = jobs.reduce((sum, { total }) => sum + total, 0);
  if (isBusy) return `Sending ${counted(rows.length, 'row')} …`;
  if (error !== undefined) return `${count(sent)} of ${counted(rows.length, 'row')} were accepted`;
  return jobs.every(({ isReplay }) => isReplay)
    ? 'These rows were accepted before'
    : `${counted(sent, 'row')} in ${counted(jobs.length, 'job')}`;
}

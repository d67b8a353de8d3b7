import { type Dispatch, useEffect } from 'preact/hooks';
import { useFailedRowsDownload } from '../hooks/failed-rows-download.ts';
import { goTo } from '../hooks/route.ts';
import type { Action, Checking, Sending } from '../model/flow.ts';
import { hashOf } from '../model/route.ts';
import { count, counted } from '../model/words.ts';
import { Announcer } from '../ui/Announcer.tsx';
import { FailureNotice } from '../ui/FailureNotice.tsx';
import { Notice } from '../ui/Notice.tsx';
import { ProgressBar } from '../ui/ProgressBar.tsx';
import { StepHeading } from './StepHeading.tsx';
import type { StepProps } from './step-props.ts';

/** Shows the progress of sending, then opens the job unless there is more to show. */
export function SendStep({ flow, dispatch }: StepProps<Sending>) {
  const { rows, jobs, isBusy, isAborted = false, error, unsent } = flow;
  const sent = jobs.reduce((sum, { total }) => sum + total, 0);
  const replays = jobs.filter(({ isReplay }) => isReplay);
  const [first] = jobs;
  const isSent = !isBusy && error === undefined;
  const hasMore = replays.length > 0 || unsent !== undefined || isAborted;
  const only = isSent && jobs.length === 1 && !hasMore ? first?.id : undefined;

  useEffect(() => {
    if (only === undefined) return;
    dispatch({ type: 'start again' });
    goTo({ page: 'job', jobId: only });
  }, [only, dispatch]);

  return (
    <div class="stack">
      <div class="card">
        <StepHeading>{headingOf(flow)}</StepHeading>
        {isBusy && (
          <>
            <p class="muted">
              Keep this tab open until all rows are accepted. You can look at jobs meanwhile.
            </p>
            <ProgressBar label="Rows sent" done={sent} total={rows.length} />
          </>
        )}
        <Announcer text={isBusy ? '' : headingOf(flow)} />
        {error !== undefined && <FailureNotice error={error} onTryAgain={() => dispatch({ type: 'send' })} />}
        {!isBusy && replays.length > 0 && (
          <Notice tone="info" title="Nothing was sent twice">
            <p>{replayText(flow, replays.length)}</p>
            <button
              type="button"
              class="button"
              onClick={() => dispatch({ type: 'send', salt: new Date().toISOString() })}
            >
              Send {rows.length === 1 ? 'it' : 'them'} again
            </button>
          </Notice>
        )}
        {isSent && isAborted && (
          <Notice tone="warn" title={`${counted(rows.length - sent, 'row')} not sent`}>
            <p>
              Too many rows of the last job failed, so it was stopped. Open it, and correct the cause first.
            </p>
          </Notice>
        )}
        {isSent && unsent !== undefined && <Unsent unsent={unsent} dispatch={dispatch} />}
        {jobs.length > 0 && (
          <ul class="plain job-links">
            {jobs.map(({ id, total }, position) => (
              <li key={id}>
                <a href={hashOf({ page: 'job', jobId: id })}>
                  Job {position + 1}: {counted(total, 'row')}
                </a>
              </li>
            ))}
          </ul>
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

/** The rows that are not sent, so that none is lost. */
function Unsent({ unsent, dispatch }: { unsent: Checking; dispatch: Dispatch<Action> }) {
  const { source, rows } = unsent;
  const isOne = rows.length === 1;
  const { download, error } = useFailedRowsDownload(unsent);

  return (
    <Notice
      tone="warn"
      title={`${counted(rows.length, 'row')} with errors ${isOne ? 'was' : 'were'} not sent`}
    >
      <p>
        {isOne ? 'It stays' : 'They stay'} on this page until you send another file or close the tab. Correct{' '}
        {isOne ? 'it' : 'them'} here, or download {isOne ? 'it' : 'them'} for later.
      </p>
      <div class="actions">
        <button type="button" class="button" onClick={() => dispatch({ type: 'correct the rest' })}>
          {source.format === 'csv' ? 'Correct' : 'Show'} {counted(rows.length, 'row')}
        </button>
        <button type="button" class="button" onClick={download}>
          Download {counted(rows.length, 'row')} with errors
        </button>
      </div>
      {error !== undefined && <FailureNotice error={error} />}
    </Notice>
  );
}

/** Says what was accepted in an earlier run. @param replays - number of jobs of it */
function replayText({ jobs, rows }: Sending, replays: number): string {
  if (rows.length === 1) {
    return 'The API already accepted this row in the last 24 hours. Its job is below. If you send it again, it is applied after all updates since then.';
  }
  const which = replays === jobs.length ? 'these rows' : 'some of these rows';
  const where = replays === 1 ? 'job is' : 'jobs are';
  return `The API already accepted ${which} in the last 24 hours. Their ${where} below. If you send them again, they are applied after all updates since then.`;
}

function headingOf({ isBusy, error, jobs, rows }: Sending): string {
  const sent = jobs.reduce((sum, { total }) => sum + total, 0);
  if (isBusy) return `Sending ${counted(rows.length, 'row')} …`;
  const isOne = rows.length === 1;
  if (error !== undefined)
    return `${count(sent)} of ${counted(rows.length, 'row')} ${isOne ? 'was' : 'were'} accepted`;
  return jobs.every(({ isReplay }) => isReplay)
    ? `${isOne ? 'This row was' : 'These rows were'} accepted before`
    : `${counted(sent, 'row')} sent${jobs.length === 1 ? '' : ` in ${counted(jobs.length, 'job')}`}`;
}

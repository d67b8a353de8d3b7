import { type Dispatch, useEffect } from 'preact/hooks';
import { useScope } from '../hooks/api-key.ts';
import { useFailedRowsDownload } from '../hooks/failed-rows-download.ts';
import { goTo } from '../hooks/route.ts';
import { hasWrongColumns } from '../model/causes.ts';
import type { Action, Checking, Sending } from '../model/flow.ts';
import { columnsOf } from '../model/mapping.ts';
import { hashOf, type Route } from '../model/route.ts';
import { count, counted } from '../model/words.ts';
import { Announcer } from '../ui/Announcer.tsx';
import { FailureNotice } from '../ui/FailureNotice.tsx';
import { Notice } from '../ui/Notice.tsx';
import { ProgressBar } from '../ui/ProgressBar.tsx';
import { StepHeading } from './StepHeading.tsx';
import type { StepProps } from './step-props.ts';

/** Shows the progress of sending, then opens the job unless there is more to show. */
export function SendStep({ flow, dispatch }: StepProps<Sending>) {
  const { rows, jobs, isBusy, isAborted = false, isPlan = false, error, unsent } = flow;
  const mayApprove = useScope('write');
  const sent = jobs.reduce((sum, { total }) => sum + total, 0);
  const replays = jobs.filter(({ isReplay }) => isReplay);
  const [first] = jobs;
  const isSent = !isBusy && error === undefined;
  const hasMore = replays.length > 0 || unsent !== undefined || isAborted;
  const plans: Route = { page: 'plans', jobIds: jobs.map(({ id }) => id) };
  const isWhole = isSent && !hasMore && first !== undefined && (isPlan || jobs.length === 1);

  const isPlanAlone = isSent && jobs.length === 1 && first?.isPlan === true && !first.isReplay;

  useEffect(() => {
    if (!isWhole) return;
    dispatch({ type: 'start again' });
    goTo(jobs.length === 1 ? { page: 'job', jobId: first.id } : plans);
  }, [isWhole, dispatch]);

  return (
    <div class="stack">
      <div class="card">
        <StepHeading>{headingOf(flow)}</StepHeading>
        {isPlanAlone && (
          <p>
            Nothing of it is applied yet.{' '}
            <a href={hashOf({ page: 'job', jobId: first.id })}>
              {mayApprove ? 'Look at it and approve it' : 'Look at it'}
            </a>
          </p>
        )}
        {isBusy && (
          <>
            <p class="muted">
              Keep this tab open until all rows are {isPlan ? 'saved' : 'accepted'}. You can look at jobs
              meanwhile.
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
              {isPlan ? 'Save' : 'Send'} {rows.length === 1 ? 'it' : 'them'} again
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
        {jobs.length > 0 && !isPlanAlone && (
          <ul class="plain job-links">
            {jobs.map(({ id, total, isPlan: wasPlanned }, position) => (
              <li key={id}>
                <a href={hashOf({ page: 'job', jobId: id })}>
                  {wasPlanned ? 'Plan' : 'Job'}
                  {jobs.length > 1 && ` ${position + 1}`}: {counted(total, 'row')}
                </a>
              </li>
            ))}
          </ul>
        )}
        {isSent && jobs.length > 1 && jobs.every((job) => job.isPlan) && (
          <p>
            <a href={hashOf(plans)}>Look at the plans together</a>
          </p>
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
  const { source, rows, rowChecks, names, procedure, readings } = unsent;
  const isCorrectable =
    source.format === 'csv' && hasWrongColumns(rows, rowChecks, columnsOf(names, procedure, readings));
  const isOne = rows.length === 1;
  const { download, error } = useFailedRowsDownload(unsent);

  return (
    <Notice
      tone="warn"
      title={`${counted(rows.length, 'row')} with errors ${isOne ? 'was' : 'were'} not sent`}
    >
      <p>
        {isOne ? 'It stays' : 'They stay'} on this page until you send another file or close the tab. Correct{' '}
        {isOne ? 'it' : 'them'} {isCorrectable ? 'here' : 'in the file'}, or download {isOne ? 'it' : 'them'}{' '}
        for later.
      </p>
      <div class="actions">
        <button type="button" class="button" onClick={() => dispatch({ type: 'correct the rest' })}>
          {isCorrectable ? 'Correct' : 'Show'} {counted(rows.length, 'row')}
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
function replayText({ jobs, rows, isPlan: saves = false }: Sending, replays: number): string {
  const isOne = rows.length === 1;
  const then = saves
    ? `the new plan shows what ${isOne ? 'it changes' : 'they change'} now`
    : `${isOne ? 'it is' : 'they are'} applied after all updates since then`;
  const again = `${saves ? 'save' : 'send'} ${isOne ? 'it' : 'them'} again`;
  if (jobs.some(({ isReplay, isPlan }) => isReplay && isPlan)) {
    const what = isOne ? 'this row' : 'these rows';
    return `The API saved ${what} as a plan in the last 24 hours. It is below, and may wait for its approval. If you ${again}, that plan stays as it is.`;
  }
  if (isOne) {
    return `The API already accepted this row in the last 24 hours. Its job is below. If you ${again}, ${then}.`;
  }
  const which = replays === jobs.length ? 'these rows' : 'some of these rows';
  const where = replays === 1 ? 'job is' : 'jobs are';
  return `The API already accepted ${which} in the last 24 hours. Their ${where} below. If you ${again}, ${then}.`;
}

function headingOf({ isBusy, isPlan, error, jobs, rows }: Sending): string {
  const sent = jobs.reduce((sum, { total }) => sum + total, 0);
  if (isBusy) return `${isPlan ? 'Saving' : 'Sending'} ${counted(rows.length, 'row')} …`;
  const isOne = rows.length === 1;
  if (error !== undefined)
    return `${count(sent)} of ${counted(rows.length, 'row')} ${isOne ? 'was' : 'were'} accepted`;
  if (isPlan && jobs.some(({ isReplay }) => !isReplay))
    return `${counted(sent, 'row')} saved as ${jobs.length === 1 ? 'a plan' : counted(jobs.length, 'plan')}`;
  return jobs.every(({ isReplay }) => isReplay)
    ? `${isOne ? 'This row was' : 'These rows were'} ${isPlan ? 'saved or sent' : 'accepted'} before`
    : `${counted(sent, 'row')} sent${jobs.length === 1 ? '' : ` in ${counted(jobs.length, 'job')}`}`;
}

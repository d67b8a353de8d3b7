import { useState } from 'preact/hooks';
import type { Job } from '../../client/index.ts';
import { useAction } from '../hooks/action.ts';
import { useScope } from '../hooks/api-key.ts';
import { goTo } from '../hooks/route.ts';
import { useSession } from '../hooks/session.ts';
import { part } from '../model/part.ts';
import { failedCount } from '../model/progress.ts';
import { isUndoable } from '../model/undo.ts';
import { counted } from '../model/words.ts';
import { FailureNotice } from '../ui/FailureNotice.tsx';
import { save } from '../ui/save.ts';
import { CancelDialog } from './CancelDialog.tsx';

const WITH_WRITE = 'Sign in with a key with the scope “write”.';
const MAY_NOT_CANCEL = `Your API key may not cancel jobs. ${WITH_WRITE}`;
const MAY_NOT_RETRY = `Your API key may not retry entries. ${WITH_WRITE}`;

interface JobActionsProps {
  job: Job;
  /** The last undo of the job. Undefined until it is read. */
  undo: Job | undefined;
}

/** The actions for a job. */
export function JobActions({ job, undo }: JobActionsProps) {
  const { client } = useSession();
  const { act, isBusy, error } = useAction();
  const [isCancelled, setIsCancelled] = useState(false);
  const mayWrite = useScope('write');
  const mayLookAtUndo = useScope('plan');
  const isOver = job.completionStatus !== 'IN_PROGRESS';
  const isUndo = job.undoes !== undefined;
  // What is undone is not sent again. The items of an undo only name processes, so there is nothing to correct.
  const retryable = job.undoneBy === undefined ? job.retryable : 0;
  const failed = isUndo ? 0 : failedCount(job.counts);

  const cancel = () =>
    act(async () => {
      await client().cancel(job.id);
      setIsCancelled(true);
    });
  const retry = () =>
    act(async () => {
      const { job: next } = await client().retry(job.id);
      goTo({ page: 'job', jobId: next.id });
    });
  const download = (format: 'csv' | 'lines') =>
    act(async () => {
      const { entriesAsCsv, entriesAsLines, readFailedEntries } = await part(
        () => import('../model/failed-rows.ts'),
      );
      const api = client();
      const entries = await readFailedEntries(api, job.id, job.counts);
      if (format === 'lines') return save(entriesAsLines(entries));
      save(entriesAsCsv(entries, await api.procedure(job.procedure)));
    });

  return (
    <>
      <div class="actions">
        {mayWrite && !isOver && (
          <CancelDialog job={job} isCancelled={isCancelled} onCancel={() => void cancel()} />
        )}
        {mayWrite && isOver && retryable > 0 && (
          <button type="button" class="button" aria-disabled={isBusy} onClick={() => void retry()}>
            Retry {counted(retryable, 'entry', 'entries')}
          </button>
        )}
        {mayLookAtUndo && isUndoable(job, undo) && (
          <button type="button" class="button" onClick={() => goTo({ page: 'undo', jobId: job.id })}>
            {isUndo ? 'Undo this undo …' : 'Undo …'}
          </button>
        )}
        {failed > 0 && (
          <>
            <button
              type="button"
              class={isOver ? 'button primary' : 'button'}
              aria-disabled={isBusy}
              onClick={() => void download('csv')}
            >
              Download {counted(failed, 'failed row')} (CSV)
            </button>
            <button
              type="button"
              class="button"
              aria-disabled={isBusy}
              onClick={() => void download('lines')}
            >
              Download as JSON lines
            </button>
          </>
        )}
      </div>
      <p class="hint" role="status">
        {isOver &&
          failed > 0 &&
          'Correct the rows in the file, then send it. Its columns are mapped automatically.'}
        {!isOver && isCancelled && 'The job ends within seconds, once the result of each entry is known.'}
      </p>
      {!mayWrite && (!isOver || retryable > 0) && (
        <p class="hint">{isOver ? MAY_NOT_RETRY : MAY_NOT_CANCEL}</p>
      )}
      {error !== undefined && <FailureNotice error={error} />}
    </>
  );
}

import type { Job } from '../../client/index.ts';
import { useAction } from '../hooks/action.ts';
import { useScope } from '../hooks/api-key.ts';
import { goTo } from '../hooks/route.ts';
import { useSession } from '../hooks/session.ts';
import { confirmationText, type UndoSummary, undoneNoun } from '../model/undo.ts';
import { counted } from '../model/words.ts';
import { ConfirmDialog } from '../ui/ConfirmDialog.tsx';
import { UndoFailure } from './UndoFailure.tsx';

const MAY_NOT_UNDO =
  'Your API key may look at an undo, but not undo a job. Give the address of this page to somebody whose key has the scope “write”.';

interface UndoActionsProps {
  job: Job;
  /** What the undo would do. Undefined when that is too large to be shown. */
  summary: UndoSummary | undefined;
}

/** Undoes a job, after a confirmation. */
export function UndoActions({ job, summary }: UndoActionsProps) {
  const { client } = useSession();
  const { act, isBusy, error } = useAction();
  const mayUndo = useScope('write');
  const noun = undoneNoun(job);
  const { SUCCESS } = job.counts;
  const what = summary === undefined ? `this ${noun}` : counted(summary.changed, 'record');

  const undo = () =>
    act(async () => {
      const { job: next } = await client().undo(job.id);
      goTo({ page: 'job', jobId: next.id });
    });

  if (summary?.changed === 0) return <p class="hint">An undo would change nothing.</p>;
  return (
    <>
      {mayUndo ? (
        <div class="actions">
          <ConfirmDialog
            label={isBusy ? 'Undoing …' : `Undo ${what}`}
            tone="primary"
            isDisabled={isBusy}
            title={`Undo ${what}?`}
            confirm={`Undo ${what}`}
            decline="Not now"
            onConfirm={() => void undo()}
          >
            <p>
              {summary === undefined
                ? `Up to ${counted(SUCCESS, 'entry gets', 'entries get')} back the values from before the ${noun}. You have not seen which.`
                : `${confirmationText(summary, noun)}, as shown.`}
            </p>
            <p>What newer updates or other systems have changed stays. The undo can itself be undone.</p>
          </ConfirmDialog>
        </div>
      ) : (
        <p class="hint">{MAY_NOT_UNDO}</p>
      )}
      {error !== undefined && <UndoFailure error={error} />}
    </>
  );
}

import { useMemo } from 'preact/hooks';
import type { Job } from '../../client/index.ts';
import { useUndoDryRun } from '../hooks/undo-dry-run.ts';
import { undoneNoun, undoSummary } from '../model/undo.ts';
import { undoRefusal } from '../model/undo-refusal.ts';
import { count, counted } from '../model/words.ts';
import { Announcer } from '../ui/Announcer.tsx';
import { UndoActions } from './UndoActions.tsx';
import { UndoFailure } from './UndoFailure.tsx';
import { UndoLines } from './UndoLines.tsx';
import { UndoRows } from './UndoRows.tsx';

/** What an undo of a job would do, and the undo. */
export function UndoView({ job }: { job: Job }) {
  const { entries, error, tryAgain } = useUndoDryRun(job.id);
  const summary = useMemo(() => entries && undoSummary(entries), [entries]);
  if (error !== undefined) {
    return (
      <div class="stack">
        <UndoFailure error={error} onTryAgain={tryAgain} />
        {undoRefusal(error)?.isTooLarge === true && (
          <div class="card">
            <UndoActions job={job} summary={undefined} />
          </div>
        )}
      </div>
    );
  }
  if (entries === undefined || summary === undefined) {
    return (
      <p class="muted" role="status">
        Looking what an undo of {counted(job.counts.SUCCESS, 'entry', 'entries')} would do. Nothing changes …
      </p>
    );
  }
  const { changed, total } = summary;
  return (
    <div class="stack">
      <div class="card">
        <p class="big">
          <strong>{count(changed)}</strong> of {counted(total, 'record')} would go back
        </p>
        <UndoLines summary={summary} undone={undoneNoun(job)} />
        <p class="status-message">
          Nothing has changed yet. This is how the records are now; what changes before you undo stays, too.
        </p>
        <Announcer text={`${count(changed)} of ${counted(total, 'record')} would go back.`} />
        <UndoActions job={job} summary={summary} />
      </div>
      <UndoRows job={job} entries={entries} />
    </div>
  );
}

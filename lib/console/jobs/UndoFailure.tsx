import { undoRefusal } from '../model/undo-refusal.ts';
import { FailureNotice } from '../ui/FailureNotice.tsx';
import { Notice } from '../ui/Notice.tsx';

/** Why a job was not undone, or why it is not shown what its undo would do. */
export function UndoFailure({ error, onTryAgain }: { error: unknown; onTryAgain?: () => void }) {
  const refusal = undoRefusal(error);
  if (refusal === undefined) return <FailureNotice error={error} onTryAgain={onTryAgain} />;
  return (
    <Notice tone="warn" title={refusal.title} isAlert>
      <p>{refusal.text}</p>
    </Notice>
  );
}

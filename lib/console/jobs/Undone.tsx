import { useMemo } from 'preact/hooks';
import type { Job } from '../../client/index.ts';
import { useUndoneEntries } from '../hooks/undone-entries.ts';
import { undoneNoun, undoSummary } from '../model/undo.ts';
import { UndoLines } from './UndoLines.tsx';

interface UndoneProps {
  job: Job;
  /** The job that it undoes. Undefined until it is read. */
  undone: Job | undefined;
}

/** What an undo that has ended came to. */
export function Undone({ job, undone }: UndoneProps) {
  const entries = useUndoneEntries(job);
  const summary = useMemo(() => entries && undoSummary(entries), [entries]);
  if (summary === undefined) return null;
  return <UndoLines summary={summary} undone={undone === undefined ? 'job' : undoneNoun(undone)} isDone />;
}

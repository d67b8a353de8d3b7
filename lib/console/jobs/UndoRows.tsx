import { useMemo } from 'preact/hooks';
import type { DryRunEntry, Job, ProcedureView } from '../../client/index.ts';
import { useProcedure } from '../hooks/procedure.ts';
import { DRY_RUN_KINDS, fieldName, UNDO_WORDS, undoKindOf, undoneNoun } from '../model/undo.ts';
import { count, identifierText, jobLineNoun } from '../model/words.ts';
import { Changes } from '../ui/Changes.tsx';
import { ErrorList } from '../ui/ErrorList.tsx';
import { StatusBadge } from '../ui/StatusBadge.tsx';
import type { TableColumn } from '../ui/VirtualTable.tsx';
import { FilteredRows, type KindOfRows } from './FilteredRows.tsx';

/** What an undo would do with each entry: the fields that would go back, now and after it. */
export function UndoRows({ job, entries }: { job: Job; entries: readonly DryRunEntry[] }) {
  const procedure = useProcedure(job.procedure);
  const kinds = useMemo((): KindOfRows<DryRunEntry>[] => {
    const byKind = Map.groupBy(entries, undoKindOf);
    // Few jobs create something.
    return DRY_RUN_KINDS.filter((kind) => kind !== 'deleted' || byKind.has(kind)).map((kind) => ({
      ...{ kind, ...UNDO_WORDS[kind] },
      rows: byKind.get(kind) ?? [],
    }));
  }, [entries]);
  const columns: TableColumn<DryRunEntry>[] = [
    {
      name: entries.some(({ line }) => line !== null) ? jobLineNoun(job) : 'Item',
      class: 'number',
      cell: ({ index, line }) => count(line ?? index + 1),
    },
    { name: 'Process', class: 'identifier', cell: identifierText },
    {
      name: 'Undo',
      class: 'status',
      cell: (entry) => <StatusBadge {...UNDO_WORDS[undoKindOf(entry)]} />,
    },
    {
      name: 'Now and after the undo',
      class: 'details',
      cell: (entry) => <UndoneCell entry={entry} noun={undoneNoun(job)} procedure={procedure} />,
    },
  ];
  return (
    <FilteredRows
      title="What would go back"
      filterLabel="Entries by what the undo would do"
      label="Entries of the undo"
      columns={columns}
      rows={entries}
      total={entries.length}
      kinds={kinds}
      nameOf={(entry) => entry}
      empty="There are no such entries."
    />
  );
}

interface UndoneCellProps {
  entry: DryRunEntry;
  noun: 'job' | 'undo';
  procedure: ProcedureView | undefined;
}

function UndoneCell({ entry, noun, procedure }: UndoneCellProps) {
  const kind = undoKindOf(entry);
  if (entry.errors.length > 0) return <ErrorList errors={entry.errors} />;
  if (kind === 'unchanged') return <>The {noun} had changed nothing here.</>;
  if (kind === 'kept') return <>It has changed since the {noun}.</>;
  if (kind === 'deleted')
    return (
      <>
        The {noun} {noun === 'job' ? 'created it' : 'brought it back'}.
      </>
    );
  const hasChanges = Object.keys(entry.after).length > 0;
  const { kept = [] } = entry;
  return (
    <>
      {hasChanges ? (
        <Changes entry={entry} procedure={procedure} />
      ) : (
        'Another entry of this record gives it back.'
      )}
      {entry.before.isDeleted === true && <p class="kept">The deletion is taken back.</p>}
      {kept.length > 0 && (
        <p class="kept">
          <span class="muted">Stays, as it has changed since:</span> {kept.map(fieldName).join(', ')}
        </p>
      )}
    </>
  );
}

import { useMemo, useState } from 'preact/hooks';
import type { Job } from '../../client/index.ts';
import type { usePlannedRows } from '../hooks/planned-rows.ts';
import { useProcedure } from '../hooks/procedure.ts';
import type { PlannedRow } from '../model/planned.ts';
import { countedKinds, kindOf, rowKinds } from '../model/row-kinds.ts';
import { count, identifierText, jobLineNoun, ROW_WORDS } from '../model/words.ts';
import { Changes } from '../ui/Changes.tsx';
import { ErrorList } from '../ui/ErrorList.tsx';
import { FailureNotice } from '../ui/FailureNotice.tsx';
import { StatusBadge } from '../ui/StatusBadge.tsx';
import type { TableColumn } from '../ui/VirtualTable.tsx';
import { EntryDialog } from './EntryDialog.tsx';
import { FilteredRows, type KindOfRows } from './FilteredRows.tsx';

interface PlannedEntriesProps {
  job: Job;
  reading: ReturnType<typeof usePlannedRows>;
}

/** What is planned for each entry: the fields that would change, before and after. */
export function PlannedEntries({ job, reading: { rows, isComplete, error, tryAgain } }: PlannedEntriesProps) {
  const [opened, setOpened] = useState<PlannedRow>();
  const procedure = useProcedure(job.procedure);
  const kinds = useMemo((): KindOfRows<PlannedRow>[] => {
    const positions = rowKinds(rows.map(({ planned }) => planned));
    return countedKinds(positions).map((kind) => ({
      ...{ kind, ...ROW_WORDS[kind] },
      rows: positions[kind].flatMap((position) => rows[position] ?? []),
    }));
  }, [rows]);
  const columns: TableColumn<PlannedRow>[] = [
    {
      name: rows.some(({ entry }) => entry.line !== null) ? jobLineNoun(job) : 'Item',
      class: 'number',
      cell: ({ entry: { index, line } }) => count(line ?? index + 1),
    },
    {
      name: 'Process',
      class: 'identifier',
      cell: (row) => (
        <button type="button" class="link" aria-haspopup="dialog" onClick={() => setOpened(row)}>
          {identifierText(row.entry)}
        </button>
      ),
    },
    {
      name: 'Plan',
      class: 'status',
      cell: ({ planned }) => <StatusBadge {...ROW_WORDS[kindOf(planned)]} />,
    },
    {
      name: 'Before and after',
      class: 'details',
      cell: ({ planned }) =>
        planned.errors.length > 0 ? (
          <ErrorList errors={planned.errors} />
        ) : (
          <Changes entry={planned} procedure={procedure} />
        ),
    },
  ];
  return (
    <>
      <FilteredRows
        title="What would change"
        filterLabel="Entries by what is planned"
        label="Entries of the plan"
        columns={columns}
        rows={rows}
        total={job.total}
        kinds={kinds}
        nameOf={({ entry }) => entry}
        empty={isComplete || error !== undefined ? 'There are no such entries.' : 'Loading …'}
      >
        {error !== undefined && <FailureNotice error={error} onTryAgain={tryAgain} />}
      </FilteredRows>
      {opened !== undefined && (
        <EntryDialog
          key={opened.entry.index}
          job={job}
          entry={opened.entry}
          onClose={() => setOpened(undefined)}
        />
      )}
    </>
  );
}

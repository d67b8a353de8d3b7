import { useMemo, useState } from 'preact/hooks';
import type { Job } from '../../client/index.ts';
import type { usePlannedRows } from '../hooks/planned-rows.ts';
import { useProcedure } from '../hooks/procedure.ts';
import type { PlannedRow } from '../model/planned.ts';
import { COUNTED_KINDS, kindOf, rowKinds } from '../model/row-kinds.ts';
import { count, identifierText, jobLineNoun, ROW_WORDS } from '../model/words.ts';
import { Changes } from '../ui/Changes.tsx';
import { ErrorList } from '../ui/ErrorList.tsx';
import { FailureNotice } from '../ui/FailureNotice.tsx';
import { Filter } from '../ui/Filter.tsx';
import { StatusBadge } from '../ui/StatusBadge.tsx';
import { type TableColumn, VirtualTable } from '../ui/VirtualTable.tsx';
import { EntryDialog } from './EntryDialog.tsx';

interface PlannedEntriesProps {
  job: Job;
  reading: ReturnType<typeof usePlannedRows>;
}

const ALL = 'all';

/** What is planned for each entry: the fields that would change, before and after. */
export function PlannedEntries({ job, reading: { rows, isComplete, error, tryAgain } }: PlannedEntriesProps) {
  const [filter, setFilter] = useState<string>(ALL);
  const [text, setText] = useState('');
  const [opened, setOpened] = useState<PlannedRow>();
  const procedure = useProcedure(job.procedure);
  const kinds = useMemo(() => rowKinds(rows.map(({ planned }) => planned)), [rows]);
  const kind = COUNTED_KINDS.find((each) => each === filter);
  const wanted = text.trim().toLowerCase();
  const shown = useMemo(() => {
    const chosen = kind === undefined ? rows : kinds[kind].flatMap((position) => rows[position] ?? []);
    return wanted === ''
      ? chosen
      : chosen.filter(({ entry }) => identifierText(entry).toLowerCase().includes(wanted));
  }, [rows, kinds, kind, wanted]);
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
    <section class="card" aria-labelledby="planned-title">
      <h2 id="planned-title">What would change</h2>
      <Filter
        label="Entries by what is planned"
        value={kind ?? ALL}
        onChange={setFilter}
        choices={[
          { value: ALL, label: 'All', count: job.total },
          ...COUNTED_KINDS.map((each) => ({
            value: each,
            ...ROW_WORDS[each],
            count: kinds[each].length,
          })),
        ]}
      />
      <search class="entry-search">
        <div>
          <label for="planned-identifier">Id or primary key contains</label>
          <input
            id="planned-identifier"
            type="search"
            value={text}
            autocomplete="off"
            spellcheck={false}
            onInput={({ currentTarget }) => setText(currentTarget.value)}
          />
        </div>
      </search>
      {error !== undefined && <FailureNotice error={error} onTryAgain={tryAgain} />}
      <VirtualTable
        // A new filter starts at the top.
        key={`${filter} ${wanted}`}
        label="Entries of the plan"
        columns={columns}
        rows={shown}
        total={shown.length}
        empty={isComplete || error !== undefined ? 'There are no such entries.' : 'Loading …'}
      />
      {opened !== undefined && (
        <EntryDialog
          key={opened.entry.index}
          job={job}
          entry={opened.entry}
          onClose={() => setOpened(undefined)}
        />
      )}
    </section>
  );
}

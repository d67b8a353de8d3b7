import { ENTRY_STATUSES } from '../../../lambdas/contract/statuses.ts';
import type { Entry, EntryStatus, Job } from '../../client/index.ts';
import { useEntries } from '../hooks/entries.ts';
import { count, ENTRY_WORDS, identifierText, outcomeText } from '../model/words.ts';
import { ErrorList } from '../ui/ErrorList.tsx';
import { FailureNotice } from '../ui/FailureNotice.tsx';
import { Filter, type FilterChoice } from '../ui/Filter.tsx';
import { StatusBadge } from '../ui/StatusBadge.tsx';
import { type TableColumn, VirtualTable } from '../ui/VirtualTable.tsx';

interface EntriesProps {
  job: Job;
  /** Status of the listed entries. Undefined for all. */
  filter: EntryStatus | undefined;
  onFilter: (filter: EntryStatus | undefined) => void;
}

const COLUMNS: readonly TableColumn<Entry>[] = [
  { name: 'Item', class: 'number', cell: ({ index }) => count(index + 1) },
  { name: 'Process', class: 'identifier', cell: identifierText },
  {
    name: 'Status',
    class: 'status',
    cell: ({ completionStatus }) => <StatusBadge {...ENTRY_WORDS[completionStatus]} />,
  },
  {
    name: 'Details',
    class: 'details',
    cell: (entry) => (entry.errors.length > 0 ? <ErrorList errors={entry.errors} /> : outcomeText(entry)),
  },
];

/** The entries of a job, filtered by status. */
export function Entries({ job, filter, onFilter }: EntriesProps) {
  const { entries, isLoading, error, loadMore, tryAgain } = useEntries(job, filter);
  const choices: FilterChoice<EntryStatus | undefined>[] = [
    { value: undefined, label: 'All', count: job.total },
    ...ENTRY_STATUSES.map((status) => ({ value: status, ...ENTRY_WORDS[status], count: job.counts[status] })),
  ];
  return (
    <section class="card" aria-labelledby="entries-title">
      <h2 id="entries-title">Entries</h2>
      <Filter label="Entries by status" choices={choices} value={filter} onChange={onFilter} />
      {error !== undefined && <FailureNotice error={error} onTryAgain={tryAgain} />}
      <VirtualTable
        // A new filter starts at the top.
        key={filter ?? 'all'}
        label="Entries of the job"
        columns={COLUMNS}
        rows={entries}
        total={filter === undefined ? job.total : job.counts[filter]}
        empty={isLoading ? 'Loading …' : 'No entry has this status.'}
        onEnd={loadMore}
      />
    </section>
  );
}

import { useState } from 'preact/hooks';
import { definedOf } from '../../../lambdas/contract/defined-of.ts';
import { ENTRY_STATUSES } from '../../../lambdas/contract/statuses.ts';
import type { Entry, Job } from '../../client/index.ts';
import { type EntriesFilter, useEntries } from '../hooks/entries.ts';
import { detailsOf, wordsOfEntry } from '../model/undo.ts';
import { count, entryWords, identifierText, jobLineNoun } from '../model/words.ts';
import { ErrorList } from '../ui/ErrorList.tsx';
import { FailureNotice } from '../ui/FailureNotice.tsx';
import { Filter, type FilterChoice } from '../ui/Filter.tsx';
import { StatusBadge } from '../ui/StatusBadge.tsx';
import { type TableColumn, VirtualTable } from '../ui/VirtualTable.tsx';
import { EntryDialog } from './EntryDialog.tsx';
import { EntrySearch } from './EntrySearch.tsx';

/** The entries of a job, by status and outcome, and those of one process. */
export function Entries({ job }: { job: Job }) {
  const [filter, setFilter] = useState<EntriesFilter>({});
  const [opened, setOpened] = useState<Entry>();
  const { entries, isLoading, error, loadMore, tryAgain } = useEntries(job, filter);
  const { completionStatus, outcome, identifier } = filter;
  const choices: FilterChoice<EntriesFilter['completionStatus']>[] = [
    { value: undefined, label: 'All', count: job.total },
    ...ENTRY_STATUSES.map((status) => ({
      value: status,
      ...entryWords(job)[status],
      count: job.counts[status],
    })),
  ];
  const isCounted = outcome === undefined && identifier === undefined;
  const counted = completionStatus === undefined ? job.total : job.counts[completionStatus];
  const columns: TableColumn<Entry>[] = [
    {
      name: entries.some(({ line }) => line !== null) ? jobLineNoun(job) : 'Item',
      class: 'number',
      cell: ({ index, line }) => count(line ?? index + 1),
    },
    {
      name: 'Process',
      class: 'identifier',
      cell: (entry) => (
        <button type="button" class="link" aria-haspopup="dialog" onClick={() => setOpened(entry)}>
          {identifierText(entry)}
        </button>
      ),
    },
    {
      name: 'Status',
      class: 'status',
      cell: (entry) => <StatusBadge {...wordsOfEntry(job, entry)} />,
    },
    {
      name: 'Details',
      class: 'details',
      cell: (entry) =>
        entry.errors.length > 0 ? <ErrorList errors={entry.errors} /> : detailsOf(job, entry),
    },
  ];
  return (
    <section class="card" aria-labelledby="entries-title">
      <h2 id="entries-title">Entries</h2>
      <Filter
        label="Entries by status"
        choices={choices}
        value={completionStatus}
        onChange={(status) =>
          setFilter(definedOf({ ...filter, completionStatus: status, outcome: undefined }))
        }
      />
      <EntrySearch isUndo={job.undoes !== undefined} filter={filter} onFilter={setFilter} />
      {error !== undefined && <FailureNotice error={error} onTryAgain={tryAgain} />}
      <VirtualTable
        // A new filter starts at the top.
        key={JSON.stringify(filter)}
        label="Entries of the job"
        columns={columns}
        rows={entries}
        total={isCounted ? counted : entries.length}
        empty={isLoading ? 'Loading …' : emptyText(filter)}
        onEnd={loadMore}
      />
      {opened !== undefined && (
        <EntryDialog key={opened.index} job={job} entry={opened} onClose={() => setOpened(undefined)} />
      )}
    </section>
  );
}

function emptyText({ identifier, outcome }: EntriesFilter): string {
  if (identifier !== undefined) return `No such entry names the process "${identifier}".`;
  return outcome === undefined ? 'No entry has this status.' : 'No entry has this outcome.';
}

import type { Entry } from '../../client/index.ts';
import { count, identifierText, outcomeText, VERDICT_WORDS } from '../model/words.ts';
import { ErrorList } from '../ui/ErrorList.tsx';
import { StatusBadge } from '../ui/StatusBadge.tsx';
import { type TableColumn, VirtualTable } from '../ui/VirtualTable.tsx';

/** What would become of a row. */
export interface RowVerdict {
  line: number;
  entry: Entry;
}

interface RowCheckTableProps {
  /** What the number of a row counts. */
  noun: string;
  verdicts: readonly RowVerdict[];
}

export function RowCheckTable({ noun, verdicts }: RowCheckTableProps) {
  const columns: TableColumn<RowVerdict>[] = [
    { name: noun, class: 'number', cell: ({ line }) => count(line) },
    { name: 'Process', class: 'identifier', cell: ({ entry }) => identifierText(entry) },
    {
      name: 'Verdict',
      class: 'status',
      cell: ({ entry }) => <StatusBadge {...VERDICT_WORDS[entry.completionStatus]} />,
    },
    {
      name: 'Details',
      class: 'details',
      cell: ({ entry }) =>
        entry.errors.length > 0 ? <ErrorList errors={entry.errors} /> : outcomeText(entry, true),
    },
  ];
  return (
    <VirtualTable
      label="Rows and their verdicts"
      columns={columns}
      rows={verdicts}
      total={verdicts.length}
      empty="No row is wrong."
    />
  );
}

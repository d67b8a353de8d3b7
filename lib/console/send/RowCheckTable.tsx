import type { Entry } from '../../client/index.ts';
import { count, identifierText, outcomeText, ROW_CHECK_WORDS } from '../model/words.ts';
import { ErrorList } from '../ui/ErrorList.tsx';
import { StatusBadge } from '../ui/StatusBadge.tsx';
import { type TableColumn, VirtualTable } from '../ui/VirtualTable.tsx';

/** What would happen to a row. */
export interface RowCheck {
  line: number;
  entry: Entry;
}

interface RowCheckTableProps {
  /** What the number of a row counts. */
  noun: string;
  rowChecks: readonly RowCheck[];
}

export function RowCheckTable({ noun, rowChecks }: RowCheckTableProps) {
  const columns: TableColumn<RowCheck>[] = [
    { name: noun, class: 'number', cell: ({ line }) => count(line) },
    { name: 'Process', class: 'identifier', cell: ({ entry }) => identifierText(entry) },
    {
      name: 'Result',
      class: 'status',
      cell: ({ entry }) => <StatusBadge {...ROW_CHECK_WORDS[entry.completionStatus]} />,
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
      label="Rows and their results"
      columns={columns}
      rows={rowChecks}
      total={rowChecks.length}
      empty="No row has errors."
    />
  );
}

import type { Row } from '../../../lambdas/rows/row.ts';
import type { ProcedureView } from '../../client/index.ts';
import type { RowEntry } from '../model/checking.ts';
import { kindOf } from '../model/row-kinds.ts';
import { count, identifierText, ROW_WORDS } from '../model/words.ts';
import { Changes } from '../ui/Changes.tsx';
import { ErrorList } from '../ui/ErrorList.tsx';
import { StatusBadge } from '../ui/StatusBadge.tsx';
import { type TableColumn, VirtualTable } from '../ui/VirtualTable.tsx';
import { type CellEditing, WrongCells } from './WrongCells.tsx';

/** What would happen to a row. */
export interface RowCheck {
  /** Of the row, from 0. */
  position: number;
  row: Row;
  entry: RowEntry;
}

interface RowCheckTableProps {
  /** What the number of a row counts. */
  noun: string;
  rowChecks: readonly RowCheck[];
  procedure: ProcedureView;
  /** Undefined where cells cannot be corrected. */
  editing: CellEditing | undefined;
}

export function RowCheckTable({ noun, rowChecks, procedure, editing }: RowCheckTableProps) {
  const columns: TableColumn<RowCheck>[] = [
    { name: noun, class: 'number', cell: ({ row }) => count(row.line) },
    { name: 'Process', class: 'identifier', cell: ({ entry }) => identifierText(entry) },
    {
      name: 'Result',
      class: 'status',
      cell: ({ position, entry }) => (
        <StatusBadge {...ROW_WORDS[editing?.isCorrected(position) === true ? 'corrected' : kindOf(entry)]} />
      ),
    },
    {
      name: 'Details',
      class: 'details',
      cell: (rowCheck) =>
        rowCheck.entry.errors.length > 0 ? (
          <>
            <ErrorList errors={rowCheck.entry.errors} />
            {editing !== undefined && <WrongCells noun={noun} {...rowCheck} editing={editing} />}
          </>
        ) : (
          <Changes entry={rowCheck.entry} procedure={procedure} />
        ),
    },
  ];
  return (
    <VirtualTable
      label="Rows and their results"
      columns={columns}
      rows={rowChecks}
      total={rowChecks.length}
      empty="There are no such rows."
    />
  );
}

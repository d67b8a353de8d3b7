import type { Column } from '../../../lambdas/rows/column.ts';
import type { Row } from '../../../lambdas/rows/row.ts';
import type { ProcedureView } from '../../client/index.ts';
import { wrongColumns } from '../model/causes.ts';
import { cellText } from '../model/cell-text.ts';
import type { RowEntry } from '../model/checking.ts';
import { choicesOf } from '../model/choices.ts';
import { CellField } from './CellField.tsx';

/** How cells of the table are corrected. */
export interface CellEditing {
  headers: readonly string[];
  columns: readonly Column[];
  procedure: ProcedureView;
  isCorrected: (position: number) => boolean;
  cellsAt: (position: number) => readonly string[];
  onEdit: (position: number, cells: readonly string[]) => void;
}

interface WrongCellsProps {
  noun: string;
  position: number;
  row: Row;
  entry: RowEntry;
  editing: CellEditing;
}

/** The cells of a row that are wrong, to correct them. */
export function WrongCells({ noun, position, row, entry, editing }: WrongCellsProps) {
  const { headers, columns, procedure, isCorrected, cellsAt, onEdit } = editing;
  const cells = cellsAt(position);
  const wrong = wrongColumns(entry, row, columns);
  if (wrong.length === 0) return <p class="hint">Correct this row in the file.</p>;
  const isIdle = entry.errors.some(({ code }) => code === 'UPDATE_MISSING');
  return (
    <div class="wrong-cells">
      {wrong.map((at) => {
        const column = columns[at];
        if (column === undefined) return null;
        const header = headers[at] ?? '';
        const isAsInFile = cells[at] === row.cells[at];
        // One of them is enough for a row that changes nothing.
        const isOneOfMany = isIdle && column.is !== 'identifier';
        return (
          <div key={at} class="wrong-cell">
            <span aria-hidden="true">{header}</span>
            <CellField
              label={`${header}, ${noun.toLowerCase()} ${row.line}`}
              value={isAsInFile ? cellText(row, at, column) : (cells[at] ?? '')}
              choices={choicesOf(column, procedure)}
              // An empty cell is wrong only where a value is required.
              isOptional={column.is !== 'identifier' && (isOneOfMany || (row.cells[at] ?? '') !== '')}
              isWrong={isOneOfMany ? !isCorrected(position) : isAsInFile}
              onChange={(cell) => onEdit(position, cells.with(at, cell))}
            />
          </div>
        );
      })}
    </div>
  );
}

import type { TargetedSubmitEvent } from 'preact';
import { useState } from 'preact/hooks';
import { nearestName } from '../../../lambdas/contract/nearest-name.ts';
import type { Column } from '../../../lambdas/rows/column.ts';
import type { ProcedureView } from '../../client/index.ts';
import { useKeptFocus } from '../hooks/kept-focus.ts';
import { type Cause, fillableColumns } from '../model/causes.ts';
import { choicesOf } from '../model/choices.ts';
import { counted, valueText } from '../model/words.ts';
import { CellField } from './CellField.tsx';

export interface CauseFixProps {
  cause: Cause;
  columns: readonly Column[];
  procedure: ProcedureView;
  onReplace: (positions: readonly number[], column: number, cell: string) => void;
}

/** Replaces the wrong cells of all rows of a cause by one value, or says what to do instead. */
export function CauseFix({ cause, columns, procedure, onReplace }: CauseFixProps) {
  const kept = useKeptFocus<HTMLFormElement>();
  const { code, column: position, values, positions } = cause;
  const column = position === undefined ? undefined : columns[position];
  const choices = column === undefined ? undefined : choicesOf(column, procedure);
  const [first = ''] = values;
  const [cell, setCell] = useState(
    choices === undefined ? first.trim() : (nearestName(first, choices) ?? ''),
  );
  const isIdentifier = column?.is === 'identifier';
  if (position === undefined && code === 'REQUIRED_MISSING')
    return <p class="cause-fix hint">Choose its column with Back, or add one to the file.</p>;
  if (code === 'UPDATE_MISSING') {
    const canFill = fillableColumns(columns).length > 0;
    const ofRows = positions.length === 1 ? 'of the row' : 'of each row';
    return (
      <p class="cause-fix hint">
        {canFill ? `Fill a cell ${ofRows} below.` : `Fill a cell ${ofRows} in the file, or leave it out.`}
      </p>
    );
  }
  // Several processes do not become one.
  if (position === undefined || (isIdentifier && values.length > 1)) return null;
  const isEmpty = values.length === 1 && first === '';
  if (isIdentifier && isEmpty && positions.length > 1)
    return <p class="cause-fix hint">Fill the cell of each row below.</p>;
  const what = values.length === 1 ? `"${valueText(first)}"` : counted(values.length, 'value');
  const inRows = `in ${counted(positions.length, 'row')}`;
  const label = isEmpty ? `Fill the empty cell ${inRows} with` : `Replace ${what} ${inRows} by`;

  function submit(event: TargetedSubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    if (position !== undefined) onReplace(positions, position, cell);
  }

  return (
    <form ref={kept} class="cause-fix" onSubmit={submit}>
      <span>{label}</span>
      <CellField
        label={label}
        value={cell}
        choices={choices}
        isOptional={!isIdentifier && !isEmpty}
        isWrong={false}
        onChange={setCell}
      />
      <button type="submit" class="button">
        {isEmpty ? 'Fill' : 'Replace'} and check
      </button>
    </form>
  );
}

import { kindOf } from '../../../lambdas/rows/cell-kind.ts';
import { readerOf } from '../../../lambdas/rows/cell-reader.ts';
import type { SentColumn } from '../../../lambdas/rows/column.ts';
import type { Reading } from '../../../lambdas/rows/reading.ts';
import { count, counted, valueText } from '../model/words.ts';
import { Sign } from '../ui/Sign.tsx';

interface ValuesFieldsProps {
  column: SentColumn;
  /** Cells that are not a known value. */
  unknown: readonly { cell: string; count: number }[];
  reading: Reading | undefined;
  onChange: (values: NonNullable<Reading['values']>) => void;
}

/** What each cell means that is not a known value of its column. */
export function ValuesFields({ column, unknown, reading, onChange }: ValuesFieldsProps) {
  const choices = kindOf(column) === 'boolean' ? booleansOf(column) : (column.options ?? []).map(String);
  const read = readerOf({ ...column, reading: reading ?? {} });
  const left = unknown.filter(({ cell }) => read(cell, false) === undefined);
  return (
    <details class="values" open={left.length > 0}>
      <summary>
        {counted(unknown.length, 'value')} of the file
        {left.length > 0 && <span class="tag warn">{count(left.length)} not known</span>}
      </summary>
      <ul class="plain value-list">
        {unknown.map(({ cell, count: rows }) => {
          const value = read(cell, false);
          const meaning = value === undefined ? '' : String(JSON.parse(value));
          const shown = choices.includes(meaning) ? meaning : '';
          return (
            <li key={cell}>
              <span class="value-cell">
                “{valueText(cell)}” <span class="muted">{counted(rows, 'row')}</span>
              </span>
              <Sign>→</Sign>
              <select
                aria-label={`What “${cell}” means`}
                value={shown}
                onChange={({ currentTarget }) =>
                  onChange({ [cell]: valueOfChoice(currentTarget.value, cell, column) })
                }
              >
                <option value="">As it is</option>
                {choices.map((choice) => (
                  <option key={choice} value={choice}>
                    {choice}
                  </option>
                ))}
              </select>
            </li>
          );
        })}
      </ul>
    </details>
  );
}

function booleansOf(column: SentColumn): readonly string[] {
  return column.is === 'field' ? ['true'] : ['true', 'false'];
}

function valueOfChoice(choice: string, cell: string, column: SentColumn): string | boolean {
  if (choice === '') return cell;
  return kindOf(column) === 'boolean' ? choice === 'true' : choice;
}

import type { TopLevelField } from '../contract/fields.ts';
import type { AttributeType } from '../contract/procedure.ts';
import type { Reading } from './reading.ts';

/** A column whose cells are values: those of an update, or those that the process must have. */
export type SentColumn = (
  | { is: 'field'; name: TopLevelField | 'version' }
  | { is: 'attribute'; name: string; type: AttributeType }
) &
  ColumnReading;

/** How the cells of a column are read, if not as they are. */
interface ColumnReading {
  reading?: Reading;
  /** Values that the cells may have. */
  options?: readonly (string | number)[];
}

/** What the cells of a column mean in an item. */
export type Column = (
  | { is: 'identifier'; name: string }
  | SentColumn
  | { is: 'left out'; isUnknown?: true }
  /** It has no name, so its cells must be empty. */
  | { is: 'nameless' }
) & {
  /** What the process must have for its update to be applied. */
  expects?: SentColumn;
};

/** Returns what the cells of a column are values of. */
export function valuesOf(column: Column): SentColumn[] {
  const sent = column.is === 'field' || column.is === 'attribute' ? [column] : [];
  return column.expects === undefined ? sent : [...sent, column.expects];
}

/** Whether the cells of a column reach the API. */
export function isRead(column: Column | undefined): boolean {
  return column !== undefined && ('name' in column || column.expects !== undefined);
}

/** A column that is sent. */
export type NamedColumn = Extract<Column, { name: string }>;

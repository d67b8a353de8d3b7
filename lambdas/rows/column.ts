import type { TopLevelField } from '../contract/fields.ts';
import type { AttributeType } from '../contract/procedure.ts';
import type { Reading } from './reading.ts';

/** A column whose cells are values. */
export type SentColumn = (
  | { is: 'field'; name: TopLevelField }
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
export type Column =
  | { is: 'identifier'; name: string }
  | SentColumn
  | { is: 'left out'; isUnknown?: true }
  /** It has no name, so its cells must be empty. */
  | { is: 'nameless' };

/** A column that is sent. */
export type NamedColumn = Extract<Column, { name: string }>;

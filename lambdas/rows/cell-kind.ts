import type { TopLevelField } from '../contract/fields.ts';
import type { AttributeType } from '../contract/procedure.ts';
import type { SentColumn } from './column.ts';
import { dateOrderOf, numberStyleOf } from './locale.ts';
import { type Reading, signsOf } from './reading.ts';
import { booleanWords } from './yes-no.ts';

/** What the cells of a column can be, as far as people write it in other ways than the API. */
export type CellKind = 'boolean' | 'number' | 'date' | 'moment' | 'option' | 'list' | 'text' | 'json';

const KINDS: Partial<Record<AttributeType, CellKind>> = {
  boolean: 'boolean',
  integer: 'number',
  number: 'number',
  float: 'number',
  decimal: 'number',
  integerEnum: 'number',
  floatEnum: 'number',
  date: 'date',
  datetime: 'moment',
  datetimeISO8601: 'moment',
  stringEnum: 'option',
  multiStringEnum: 'list',
  multiIntegerEnum: 'list',
  multiFloatEnum: 'list',
  multiPhotos: 'list',
  json: 'json',
};

const KINDS_OF_FIELDS = {
  state: 'option',
  status: 'option',
  assignedTo: 'text',
  nextActionAt: 'moment',
  isDeleted: 'boolean',
  version: 'number',
} as const satisfies Record<TopLevelField | 'version', CellKind>;

/** Returns what the cells of a column can be. */
export function kindOf(column: SentColumn): CellKind {
  return column.is === 'field' ? KINDS_OF_FIELDS[column.name] : (KINDS[column.type] ?? 'text');
}

/** Which cells each member of a reading is for. */
const MEMBERS: Readonly<Record<keyof Reading, readonly CellKind[]>> = {
  number: ['number', 'list'],
  date: ['date', 'moment'],
  locale: ['date', 'moment'],
  timeZone: ['moment'],
  separator: ['list'],
  ignoreCase: ['boolean', 'option', 'list'],
  values: ['boolean', 'number', 'date', 'moment', 'option', 'list', 'text'],
};

/** Returns the members of a reading that mean nothing for a kind of cells. */
export function unfitMembers(reading: Reading, kind: CellKind): (keyof Reading)[] {
  return Object.keys(reading)
    .map((member) => member as keyof Reading)
    .filter((member) => !MEMBERS[member].includes(kind));
}

/** Returns how the users of a locale write a kind of cells, or undefined if they write it as the API takes it. */
export function readingOfLocale(kind: CellKind, locale: string): Reading | undefined {
  switch (kind) {
    case 'boolean':
      return { values: booleanWords(new Intl.Locale(locale).language), ignoreCase: true };
    case 'number': {
      const number = numberStyleOf(locale);
      return signsOf(number) === undefined ? undefined : { number };
    }
    case 'date':
    case 'moment': {
      const date = dateOrderOf(locale);
      return date === undefined ? undefined : { date, locale };
    }
    case 'option':
      return { ignoreCase: true };
    default:
      return undefined;
  }
}

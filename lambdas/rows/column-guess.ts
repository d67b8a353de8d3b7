import { TOP_LEVEL_FIELDS } from '../contract/fields.ts';
import { editsBetween } from '../contract/nearest-name.ts';
import type { ProcedureView } from '../contract/views.ts';
import { kindOf } from './cell-kind.ts';
import { readerOf } from './cell-reader.ts';
import type { SentColumn } from './column.ts';
import { columnCalled, isErrorColumn, nameOfAttribute, optionsOf } from './column-names.ts';
import { booleanOfWord } from './yes-no.ts';

/** The guessed meaning of a column. */
export interface ColumnGuess {
  /** What the API calls the column; empty if nothing is likely. */
  name: string;
  /** `name` when the column is called so, `guess` when its name or values are only similar. */
  from: 'name' | 'guess' | 'nothing';
  /** What speaks for the guess. */
  because?: 'name' | 'values' | 'name and values';
}

/** From here on, a guess is more often right than wrong. */
const THRESHOLD = 0.5;
/** Maximum number of comparisons of a name with another. Beyond it, only the same letters count. */
const MAX_COMPARISONS = 200_000;
/** Number of values of a column that are looked at. */
const MAX_VALUES = 50;

/** What values that fit add to the score of a name. Options and addresses show more than numbers do. */
const BONUS = { strong: 0.35, weak: 0.1 };
/** The score of values that fit alone. */
const BY_VALUES = 0.6;
/** What is left of a score if most values do not fit. */
const REFUTED = 0.6;

interface Meaning {
  name: string;
  letters: string;
  words: readonly string[];
  fits: Fit | undefined;
}

/** Whether a cell can have a meaning, and how much that shows. */
interface Fit {
  test: (cell: string) => boolean;
  isStrong: boolean;
}

interface Candidate extends ColumnGuess {
  position: number;
  score: number;
}

/**
 * Guesses the meaning of each column by its name and its values. No meaning is used twice, and the better match takes it.
 *
 * A column `Status` whose values are states is `state`. Values alone are enough only if they are options or email
 * addresses. An unlikely guess is left out.
 * @param records - the first rows of the file
 */
export function guessColumns(
  headers: readonly string[],
  procedure: ProcedureView,
  records: readonly (readonly string[])[] = [],
): ColumnGuess[] {
  const meanings = namesOfColumns(procedure).map((name) => meaningOf(name, procedure));
  const isMany = headers.length * meanings.length > MAX_COMPARISONS;
  const strong = meanings.filter(({ fits }) => fits?.isStrong === true);
  const byLetters = new Map(meanings.map((meaning) => [meaning.letters, meaning]));
  const likely = (letters: string) => {
    const same = byLetters.get(letters);
    return same === undefined || strong.includes(same) ? strong : [same, ...strong];
  };
  const candidates = headers.flatMap((header, position) => {
    if (isErrorColumn(header)) return [];
    const values = valuesOf(records, position);
    const called = nameCalled(header, procedure);
    const letters = lettersOf(header);
    return (isMany ? likely(letters) : meanings).flatMap((meaning) => {
      const byName = called === meaning.name ? 1 : nameScore(header, letters, meaning);
      if (byName === 0 && meaning.fits?.isStrong !== true) return [];
      const { score, because } = scoreOf(byName, values, meaning.fits);
      const from: 'name' | 'guess' = byName >= SAME_LETTERS && because === 'name' ? 'name' : 'guess';
      return score >= THRESHOLD ? [{ position, score, name: meaning.name, from, because }] : [];
    });
  });
  return best(candidates, headers.length);
}

/** Gives each column the best meaning that no better match has taken. */
function best(candidates: readonly Candidate[], columns: number): ColumnGuess[] {
  const guesses: ColumnGuess[] = Array.from({ length: columns }, () => ({ name: '', from: 'nothing' }));
  const taken = new Set<string>();
  const done = new Set<number>();
  for (const { position, name, from, because } of candidates.toSorted((a, b) => b.score - a.score)) {
    if (taken.has(name) || done.has(position)) continue;
    taken.add(name);
    done.add(position);
    guesses[position] = { name, from, ...(because === undefined ? {} : { because }) };
  }
  return guesses;
}

/** Returns what the API calls every column that can be sent. */
export function namesOfColumns(procedure: ProcedureView): string[] {
  const { primaryKey, attributes } = procedure;
  const ofAttributes = Object.keys(attributes)
    .filter((name) => name !== primaryKey)
    .map((name) => nameOfAttribute(name, procedure));
  return [...new Set([primaryKey, 'id', ...ofAttributes, ...TOP_LEVEL_FIELDS])];
}

/** Returns the name of a column that is called like a meaning. `data.city` is `city`, unless a field has that name. */
function nameCalled(header: string, procedure: ProcedureView): string | undefined {
  const column = columnCalled(header, procedure);
  return column?.is === 'attribute' ? nameOfAttribute(column.name, procedure) : column && header;
}

function meaningOf(name: string, procedure: ProcedureView): Meaning {
  const column = columnCalled(name, procedure);
  const isSent = column?.is === 'field' || column?.is === 'attribute';
  return {
    name,
    letters: lettersOf(name),
    words: wordsOf(name),
    fits: isSent ? fitOf({ ...column, options: optionsOf(column, procedure) }) : undefined,
  };
}

/** Returns how values show the meaning of a column. Text shows nothing, but for email addresses. */
function fitOf(column: SentColumn): Fit | undefined {
  const isEmail = column.is === 'attribute' && (column.type === 'email' || /e.?mail/i.test(column.name));
  if (isEmail) return { test: isEmailLike, isStrong: true };
  const { options = [] } = column;
  switch (kindOf(column)) {
    case 'option': {
      const read = readerOf({ ...column, reading: { ignoreCase: true } });
      return options.length === 0
        ? undefined
        : { test: (cell) => read(cell, false) !== undefined, isStrong: true };
    }
    case 'boolean':
      return { test: (cell) => booleanOfWord(cell) !== undefined, isStrong: false };
    case 'number':
      return { test: (cell) => /\d/.test(cell) && !/\p{L}{4}/u.test(cell), isStrong: false };
    case 'date':
    case 'moment':
      return { test: (cell) => /\d/.test(cell), isStrong: false };
    default:
      return undefined;
  }
}

function isEmailLike(cell: string): boolean {
  const [name, domain, ...more] = cell.split('@');
  return name !== '' && domain?.includes('.') === true && more.length === 0 && !/\s/.test(cell);
}

function scoreOf(
  byName: number,
  values: readonly string[],
  fit: Fit | undefined,
): { score: number; because: 'name' | 'values' | 'name and values' } {
  if (fit === undefined || values.length === 0) return { score: byName, because: 'name' };
  const share = values.filter(fit.test).length / values.length;
  if (share < 0.5) return { score: byName * REFUTED, because: 'name' };
  if (byName >= SAME_LETTERS) return { score: byName + BONUS.strong * share, because: 'name' };
  const bonus = (fit.isStrong ? BONUS.strong : BONUS.weak) * share;
  const alone = fit.isStrong && share > 0.9 ? BY_VALUES : 0;
  if (byName > 0) return { score: Math.max(byName + bonus, alone), because: 'name and values' };
  return { score: alone, because: 'values' };
}

/** The score of a name with the same letters, whatever its case and separators: `First name`, `E-Mail`. */
const SAME_LETTERS = 0.95;
/** Shorter texts occur in many names. */
const MIN_CONTAINED = 3;

/** Returns how near a header is to a name: 0 for not at all. */
function nameScore(header: string, letters: string, meaning: Meaning): number {
  if (letters === '' || meaning.letters === '') return 0;
  if (letters === meaning.letters) return SAME_LETTERS;
  if (letters.length > MAX_COMPARED) return 0;
  const [short, long] =
    letters.length < meaning.letters.length ? [letters, meaning.letters] : [meaning.letters, letters];
  const share = short.length / long.length;
  // A whole word of the other: `Phone` of phone_number, `Lead` of lead_id.
  if (short.length >= MIN_CONTAINED) {
    if (meaning.words.includes(letters) || wordsOf(header).includes(meaning.letters))
      return 0.6 + 0.2 * share;
    if (long.includes(short)) return 0.2 + 0.6 * share;
  }
  const edits = editsBetween(letters, meaning.letters);
  return edits <= Math.max(1, long.length / 3) && long.length > 2 ? 1 - edits / long.length : 0;
}

/** Longer names are only compared for the same letters. */
const MAX_COMPARED = 100;

function lettersOf(name: string): string {
  return name
    .slice(0, 2 * MAX_COMPARED)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}

/** Returns the words of a name: those of `firstName`, `first_name` and `First name` are the same. */
function wordsOf(name: string): string[] {
  return name
    .slice(0, 2 * MAX_COMPARED)
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

/** Returns the first different values of a column. */
function valuesOf(records: readonly (readonly string[])[], position: number): string[] {
  const values = new Set<string>();
  for (const record of records) {
    const cell = record[position]?.trim() ?? '';
    if (cell !== '' && cell !== '\\N') values.add(cell);
    if (values.size === MAX_VALUES) break;
  }
  return [...values];
}

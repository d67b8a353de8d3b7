import * as v from 'valibot';
import { isObject } from '../contract/is-object.ts';
import { nearestName } from '../contract/nearest-name.ts';
import { type Reading, readingSchema, recordOf } from './reading.ts';

/** What the API calls a column, and how its cells are read. */
export interface ColumnMapping {
  /** Empty to omit the column. */
  name: string;
  reading: Reading;
}

const NAME = 'must be what the API calls the column, or "" to omit it';

const columnSchema = v.strictObject({ name: v.string(NAME), ...readingSchema.entries });

const mapFileSchema = v.strictObject({
  columns: recordOf(
    v.union([v.string(), columnSchema]),
    'must be an object of columns, such as { "Umsatz": "budget" }',
  ),
});

/** Members that a map file may have, by where they stand. */
const MEMBERS = { file: ['columns'], column: Object.keys(columnSchema.entries) };

/** Returns a map file with the mapping of its columns. Columns that are sent as they are have only a name. */
export function mapFileOf(columns: ReadonlyMap<string, ColumnMapping>): string {
  const written = Array.from(columns, ([header, { name, reading }]) => [
    header,
    Object.keys(reading).length === 0 ? name : { name, ...reading },
  ]);
  return `${JSON.stringify({ columns: Object.fromEntries(written) }, null, 2)}\n`;
}

/**
 * Reads a map file.
 * @returns the mapping of each column by its name in the file, or all faults, each as a sentence
 */
export function readMapFile(text: string): Map<string, ColumnMapping> | string[] {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    return [`It is not valid JSON: ${(error as Error).message}.`];
  }
  const { success, output, issues } = v.safeParse(mapFileSchema, content);
  if (!success) return faultsOf(issues);
  return new Map(
    Object.entries(output.columns).map(([header, column]) => {
      if (typeof column === 'string') return [header, { name: column, reading: {} }];
      const { name, ...reading } = column;
      return [header, { name, reading }];
    }),
  );
}

type Issue = v.BaseIssue<unknown>;

function faultsOf(issues: readonly Issue[]): string[] {
  return issues.flatMap((issue) => (issue.type === 'union' ? faultsOfUnion(issue) : faultsOfOne(issue)));
}

/** A column is a name or an object: of the two, the faults of the one that was meant are told. */
function faultsOfUnion(issue: Issue): string[] {
  if (isObject(issue.input) && issue.issues !== undefined) {
    const ofColumn = v.safeParse(columnSchema, issue.input);
    if (!ofColumn.success) return ofColumn.issues.flatMap((inner) => faultsOfOne(inner, pointerOf(issue)));
  }
  const isColumn = issue.path?.length === 2;
  return isColumn ? [`${pointerOf(issue)} ${NAME}, or an object with its "name".`] : faultsOfOne(issue);
}

function faultsOfOne(issue: Issue, above = ''): string[] {
  const pointer = above + pointerOf(issue);
  if (issue.type !== 'strict_object') return [`${pointer || 'The file'} ${issue.message}.`];
  if (issue.expected === 'never') return unknownMembers(issue, above);
  return [`${pointer || 'The file'} ${missing(issue)}`];
}

/** Names all unknown members of an object, of which there is one issue. */
function unknownMembers(issue: Issue, above: string): string[] {
  const known = above === '' ? MEMBERS.file : MEMBERS.column;
  const { input } = issue.path?.at(-1) ?? {};
  return Object.keys(input as object)
    .filter((member) => !known.includes(member))
    .map((member) => {
      const nearest = nearestName(member, known);
      const advice =
        nearest === undefined
          ? `Remove it, or write one of ${known.join(', ')}.`
          : `Did you mean "${nearest}"?`;
      return `${above}${step(member)} is unknown. ${advice}`;
    });
}

function missing(issue: Issue): string {
  return issue.input === undefined ? 'is missing. Add it.' : 'must be an object.';
}

/** Returns where an issue is, as a JSON pointer (RFC 6901). */
function pointerOf({ path }: Issue): string {
  const keys: readonly { key?: unknown }[] = path ?? [];
  return keys.map(({ key }) => step(String(key))).join('');
}

function step(member: string): string {
  return `/${member.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

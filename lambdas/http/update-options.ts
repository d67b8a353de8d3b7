import * as v from 'valibot';
import type { ErrorBody } from '../contract/errors.ts';
import type { fileOptionsSchema } from '../contract/file-job.ts';
import { isObject } from '../contract/is-object.ts';
import { MAX_ENTRIES, MAX_ERRORS } from '../contract/limits.ts';
import { nearestName } from '../contract/nearest-name.ts';
import {
  abortOnSchema,
  type createOptionsSchema,
  type optionsSchema,
  sourceSchema,
  type UpdateOptions,
} from '../contract/options.ts';
import { updateQuery } from '../contract/queries.ts';
import { quote } from '../contract/values.ts';
import { jsonPointer } from '../domain/json-pointer.ts';

export interface SentOptions {
  /** What the options may be. */
  schema: typeof optionsSchema | typeof createOptionsSchema | typeof fileOptionsSchema;
  /** The member `options` of the body; undefined without. */
  options: unknown;
  /** How many items the request has. */
  items: number;
  /** Parses the member again, with its numbers as they were written: messages repeat them so. */
  asWritten: () => unknown;
  /** An error for each number of the options that parsing rounds. */
  rounded: readonly ErrorBody[];
}

export interface CheckedOptions {
  options: UpdateOptions;
  /** All that is wrong with them, as far as it may be listed. */
  errors: ErrorBody[];
}

type Path = readonly (string | number)[];

/** Checks the options of a request. One that is not known may be a safeguard, without which nothing is to be written. */
export function checkOptions({ schema, options, items, asWritten, rounded }: SentOptions): CheckedOptions {
  if (options === undefined) return { options: {}, errors: [] };
  if (!isObject(options)) {
    const fault = `"options" is ${quote(asWritten())}, and not an object. Send an object, or leave it out.`;
    return { options: {}, errors: [invalid(fault)] };
  }
  const source = isObject(options.source) ? options.source : {};
  const { lines, ...withoutLines } = source;
  const isMiscounted = Array.isArray(lines) && lines.length !== items && items <= MAX_ENTRIES;
  // They may be millions. A request with too many items is refused for these.
  const isUnchecked = Array.isArray(lines) && lines.length > MAX_ENTRIES;
  const checked = v.safeParse(schema, isUnchecked ? { ...options, source: withoutLines } : options);
  const errors = [
    ...unknownMembers(options, schema, 'an option', []),
    ...unknownMembers(source, sourceSchema, 'a member of "source"', ['source']),
    ...unknownMembers(
      isObject(options.abortOn) ? options.abortOn : {},
      abortOnSchema,
      'a member of "abortOn"',
      ['abortOn'],
    ),
    ...(isMiscounted ? [miscounted(lines.length, items)] : []),
    ...(checked.success ? [] : wrongValues(checked.issues, asWritten())),
  ];
  const pointers = new Set(errors.map(({ pointer }) => pointer));
  const inexact = rounded.filter(({ pointer }) => !pointers.has(pointer));
  errors.push(...inexact.map((error): ErrorBody => ({ ...error, code: 'INVALID_OPTION' })));
  return { options: checked.success ? checked.output : {}, errors };
}

function unknownMembers(
  members: object,
  { entries }: { entries: object },
  what: string,
  path: Path,
): ErrorBody[] {
  const known = Object.keys(entries);
  return Object.keys(members)
    .filter((name) => !known.includes(name))
    .slice(0, MAX_ERRORS)
    .map((name) => invalid(`${quote(name)} is not ${what}${remedyOf(name, known)}.`, [...path, name]));
}

/** A dry run is asked for in the URL, not in the body. */
function remedyOf(name: string, known: readonly string[]): string {
  const parameter = nearestName(name, Object.keys(updateQuery.entries));
  if (parameter !== undefined)
    return `, but ${parameter} is a parameter of the URL. Send it there, or leave it out`;
  const nearest = nearestName(name, known);
  return nearest === undefined
    ? `. Leave it out: there are ${known.map((each) => `"${each}"`).join(', ')}`
    : `. Did you mean "${nearest}"? Correct it, or leave it out`;
}

function miscounted(lines: number, items: number): ErrorBody {
  const fault = `"lines" has ${lines} line numbers, and "processes" has ${items} items. Send one line number for each item, or leave "lines" out.`;
  return invalid(fault, ['source', 'lines']);
}

function wrongValues(issues: readonly v.BaseIssue<unknown>[], asWritten: unknown): ErrorBody[] {
  return issues.slice(0, MAX_ERRORS).map(({ path = [], message }) => {
    const keys = path.map(({ key }) => key as string | number);
    const value = keys.reduce((holder, key) => (holder as Record<string, unknown>)[key], asWritten);
    const name = keys.findLast((key) => typeof key === 'string');
    if (value === undefined) return invalid(`"${name}" ${message}.`, keys.slice(0, -1));
    return invalid(`"${name}": ${quote(value)} ${message}.`, keys);
  });
}

function invalid(message: string, path: Path = []): ErrorBody {
  return { code: 'INVALID_OPTION', message, pointer: jsonPointer('options', ...path) };
}

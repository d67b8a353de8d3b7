import * as v from 'valibot';
import { MAX_IDENTIFIER_BYTES } from './limits.ts';
import { nearestName } from './nearest-name.ts';
import { jobNameSchema } from './options.ts';
import { ENTRY_STATUSES, JOB_STATUSES, OUTCOMES } from './statuses.ts';

/** `limit` of a page. */
export const limitSchema = (maximum: number, standard: number) => {
  const message = `is not a number of entries: send 1 to ${maximum}`;
  return v.optional(
    v.pipe(
      v.string(),
      v.regex(/^\d{1,9}$/, message),
      v.transform(Number),
      // What the text stands for, which the description of the API tells.
      v.number(),
      v.integer(message),
      v.minValue(1, message),
      v.maxValue(maximum, message),
    ),
    String(standard),
  );
};

export const CURSOR =
  'is not a cursor: send the one of "next" in the page before, or none for the first page';

/** `cursor` of a page: opaque to clients, a whole number inside. */
export const cursorSchema = v.optional(
  v.pipe(
    v.string(),
    // Decoding forgives much: only what a position is written as names one.
    v.check((cursor) => cursor === cursorOf(positionOf(cursor)), CURSOR),
    v.transform(positionOf),
    v.integer(CURSOR),
  ),
);

export function positionOf(cursor: string): number {
  const [, position] = /^from:(\d{1,15})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
  return Number(position);
}

export function cursorOf(position: number): string {
  return Buffer.from(`from:${position}`).toString('base64url');
}

export const idempotencyKeySchema = v.pipe(v.string(), v.minLength(1), v.maxLength(255));

/** The query of PATCH /v1/ext/procedure/{procedure}/process */
export const updateQuery = v.object({
  dryRun: v.optional(v.picklist(['true', 'false'], 'is neither true nor false: send one of them'), 'false'),
});

/** The query of POST /v1/ext/background-job/{id}/undo */
export const undoQuery = updateQuery;

/** The query of a route that takes none. */
export const noQuery = v.object({});

/** What names a page of a list. */
const page = { limit: limitSchema(1000, 100), cursor: cursorSchema };

/** The query of GET /v1/ext/background-job/{id}/results */
export const resultsQuery = v.object({ cursor: cursorSchema });

/** One of some names; the message suggests the nearest. */
const oneOf = <const Name extends string>(names: readonly Name[], what: string) =>
  v.optional(
    v.picklist(names, ({ input }) => {
      const nearest = nearestName(String(input), names);
      const remedy = nearest === undefined ? ': send' : `. Did you mean ${nearest}? Send`;
      return `is not ${what}${remedy} one of ${names.join(', ')}`;
    }),
  );

/** A text to look for. */
const textOf = (maximum: number) =>
  v.optional(
    v.pipe(
      v.string(),
      v.minLength(1, 'is empty: send a text, or leave the parameter out'),
      v.maxLength(maximum, `is longer than ${maximum} characters: shorten it`),
    ),
  );

/** The query of GET /v1/ext/background-job */
export const jobsQuery = v.object({
  completionStatus: oneOf(JOB_STATUSES, 'a status of jobs'),
  procedure: textOf(100),
  name: v.optional(jobNameSchema),
  ...page,
});

/** The query of GET /v1/ext/background-job/{id}/entries */
export const entriesQuery = v.object({
  completionStatus: oneOf(ENTRY_STATUSES, 'a status of entries'),
  outcome: oneOf(OUTCOMES, 'an outcome'),
  identifier: textOf(MAX_IDENTIFIER_BYTES),
  ...page,
});

import * as v from 'valibot';
import { ENTRY_STATUSES } from '../domain/job.ts';
import { cursorSchema, limitSchema } from './parameters.ts';

/** The query of PATCH /v1/ext/procedure/{procedure}/process */
export const updateQuery = v.object({
  dryRun: v.optional(v.picklist(['true', 'false'], 'is neither true nor false'), 'false'),
});

/** The query of a route that takes none. */
export const noQuery = v.object({});

/** What names a page of a list. */
const page = { limit: limitSchema(1000, 100), cursor: cursorSchema };

/** The query of GET /v1/ext/background-job */
export const jobsQuery = v.object(page);

/** The query of GET /v1/ext/background-job/{id}/entries */
export const entriesQuery = v.object({
  completionStatus: v.optional(
    v.picklist(ENTRY_STATUSES, `is not a status of entries: send one of ${ENTRY_STATUSES.join(', ')}`),
  ),
  ...page,
});

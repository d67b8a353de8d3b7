import { CompactResultsStore } from './adapters/compact-results-store.ts';
import { createDocumentClient } from './adapters/document-client.ts';
import { FileJobStore } from './adapters/file-job-store.ts';
import { JobStore } from './adapters/job-store.ts';
import { PlanStore } from './adapters/plan-store.ts';
import { SubmissionStore } from './adapters/submission-store.ts';
import { definedOf } from './contract/defined-of.ts';
import { cursorOf, entriesQuery } from './contract/queries.ts';
import type { FileState } from './domain/file-job.ts';
import { entriesWith, type ListedEntry, listEntries } from './domain/list-entries.ts';
import { fileEntriesWith, listFileEntries } from './domain/list-file-entries.ts';
import type { JobState } from './domain/ports.ts';
import { RequestError } from './domain/request-error.ts';
import { apiHandler } from './http/api-handler.ts';
import { entriesFormat, entryBytes, formatEntries } from './http/entries-format.ts';
import { jobOf } from './http/job-of.ts';
import { pathWithQuery, readQuery } from './http/parameters.ts';
import { MAX_RESPONSE_BYTES } from './http/response-size.ts';
import { readEnvironment } from './runtime/config.ts';
import { logger } from './runtime/logger.ts';
import type { Services } from './runtime/services.ts';

const environment = readEnvironment('JOBS_TABLE');

/** GET /v1/ext/background-job/{id}/entries, as JSON, JSON lines or CSV by the header Accept. */
export function createHandler({ documents, now }: Pick<Services, 'documents' | 'now'>) {
  const jobs = new JobStore(documents, environment.JOBS_TABLE);
  const stores = {
    jobs,
    fileJobs: new FileJobStore(documents, environment.JOBS_TABLE),
    submissions: new SubmissionStore(documents, environment.JOBS_TABLE),
    compactResults: new CompactResultsStore(documents, environment.JOBS_TABLE),
    plans: new PlanStore(documents, environment.JOBS_TABLE),
  };

  return apiHandler(
    'read',
    async (request) => {
      const { event } = request;
      const { limit, cursor, ...filter } = readQuery(event, entriesQuery);
      const state = await jobOf(request, (id) => jobs.readByChunk(id), now());
      const { job } = state;
      const format = entriesFormat(event.headers.accept);
      const bytesOf = (listed: ListedEntry) => entryBytes(format, listed, job);
      const query = { filter, from: cursor ?? 0, limit, maxBytes: MAX_RESPONSE_BYTES, bytesOf };
      if (state.file !== undefined && filter.identifier !== undefined) throw IDENTIFIER;
      const page = await (state.file === undefined ? listEntries : listFileEntries)(state, query, stores);
      const nextFrom = (path: string) =>
        page.next === undefined
          ? null
          : pathWithQuery(path, { ...filter, limit, cursor: cursorOf(page.next) });

      // Relative to this URL, so that it is right below a stage and a proxy.
      const link = nextFrom('entries');
      const headers = definedOf({
        vary: 'accept',
        link: link === null ? undefined : `<${link}>; rel="next"`,
      });
      if (format !== undefined) {
        const text = formatEntries(format, page.listed, job);
        return { status: 200, headers, body: { contentType: format, text } };
      }
      return {
        status: 200,
        headers,
        data: page.listed.map(({ entry }) => entry),
        meta: {
          total: isOfFile(state) ? fileEntriesWith(state, filter) : entriesWith(state, filter),
          next: nextFrom(`/v1/ext/background-job/${job.id}/entries`),
        },
      };
    },
    logger,
  );
}

/** No index leads to a row of a file. */
const IDENTIFIER = new RequestError(
  'MALFORMED_PARAMETER',
  'The parameter identifier does not go with a file job. Leave it out, and look for the row in the files of results.',
);

function isOfFile(state: JobState): state is JobState & { file: FileState } {
  return state.file !== undefined;
}

export const handler = createHandler({ documents: createDocumentClient(), now: Date.now });

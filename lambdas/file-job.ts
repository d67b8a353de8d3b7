import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { AnnouncementStore } from './adapters/announcement-store.ts';
import { createDocumentClient } from './adapters/document-client.ts';
import { FileJobStore } from './adapters/file-job-store.ts';
import { FileStepQueue } from './adapters/file-step-queue.ts';
import { createFilesClient, FileStore } from './adapters/file-store.ts';
import { IdempotencyStore } from './adapters/idempotency-store.ts';
import { JobStore } from './adapters/job-store.ts';
import { ProcedureStore } from './adapters/procedure-store.ts';
import { createQueueClient } from './adapters/queue-consumer.ts';
import { PART_BYTES } from './contract/file-job.ts';
import { cursorOf, noQuery, resultsQuery } from './contract/queries.ts';
import { acceptOnce, fingerprintOf } from './domain/accept-once.ts';
import { completeUpload, fileJobOf, notAwaiting } from './domain/complete-upload.ts';
import { createFileJob, partsOf } from './domain/create-file-job.ts';
import { fileKeys, isAwaitingUpload, RESULT_KINDS, STATUSES_OF } from './domain/file-job.ts';
import type { StoredJob } from './domain/job.ts';
import type { Procedures } from './domain/ports.ts';
import { progressOfState } from './domain/progress.ts';
import { RequestError } from './domain/request-error.ts';
import { type ApiRequest, type ApiResponse, apiHandler } from './http/api-handler.ts';
import { readFileJob, readUploadComplete } from './http/file-request.ts';
import { jobOf } from './http/job-of.ts';
import { fileAcknowledgment, jobResponse } from './http/job-response.ts';
import { idempotencyKey, pathWithQuery, readQuery } from './http/parameters.ts';
import { procedureOf } from './http/procedure-of.ts';
import { withoutMember } from './http/without-member.ts';
import { readEnvironment } from './runtime/config.ts';
import { logger } from './runtime/logger.ts';
import type { Services } from './runtime/services.ts';

const environment = readEnvironment('JOBS_TABLE', 'PROCEDURES_TABLE', 'FILES_BUCKET', 'FILE_STEPS_QUEUE_URL');

/** How many chunks a page of results has the files of: their addresses fit a response. */
const CHUNKS_OF_PAGE = 100;
/** How long the addresses of results hold, if the credentials that sign them do. */
const RESULT_URL_MS = 60 * 60 * 1000;

/**
 * POST /v1/ext/procedure/{procedure}/process/file, and of its job GET …/upload, POST …/upload-complete and GET …/results
 */
export function createHandler({
  documents,
  queues,
  files: client,
  now,
  pause,
}: Pick<Services, 'documents' | 'queues' | 'files' | 'now' | 'pause'>) {
  const table = environment.JOBS_TABLE;
  const files = new FileStore(client, environment.FILES_BUCKET);
  const ports = {
    procedures: new ProcedureStore(documents, environment.PROCEDURES_TABLE, now),
    jobs: new JobStore(documents, table),
    announcements: new AnnouncementStore(documents, table, pause),
    fileJobs: new FileJobStore(documents, table),
    fileSteps: new FileStepQueue(queues, environment.FILE_STEPS_QUEUE_URL),
    idempotencyRecords: new IdempotencyStore(documents, table),
    uploads: files,
    files,
    now,
    newId: randomUUID,
  };
  const handlers: Record<string, (request: ApiRequest, all: FilePorts) => Promise<ApiResponse>> = {
    file: begin,
    upload: showUpload,
    'upload-complete': complete,
  };
  const writing = apiHandler(
    'write',
    (request) => {
      const action = request.event.resource.split('/').at(-1) ?? '';
      const deadline = () => now() + request.context.getRemainingTimeInMillis();
      return (handlers[action] as (typeof handlers)[string])(request, { ...ports, deadline });
    },
    logger,
  );
  const reading = apiHandler('read', (request) => results(request, ports), logger);
  return (...[event, context]: Parameters<typeof reading>) =>
    event.resource.endsWith('/results') ? reading(event, context) : writing(event, context);
}

export const handler = createHandler({
  documents: createDocumentClient(),
  queues: createQueueClient(),
  files: createFilesClient(),
  now: Date.now,
  pause: setTimeout,
});

interface ReadPorts {
  procedures: Procedures;
  jobs: JobStore;
  announcements: AnnouncementStore;
  fileJobs: FileJobStore;
  fileSteps: FileStepQueue;
  idempotencyRecords: IdempotencyStore;
  uploads: FileStore;
  files: FileStore;
  now: () => number;
  newId: () => string;
}

interface FilePorts extends ReadPorts {
  deadline: () => number;
}

async function begin(request: ApiRequest, ports: FilePorts): Promise<ApiResponse> {
  const { event } = request;
  readQuery(event, noQuery);
  const key = idempotencyKey(event);
  const procedure = await procedureOf(request, ports.procedures);
  const { frame, options, text } = readFileJob(event, procedure);
  const accept = (jobId: string) => createFileJob(jobId, { procedure, frame, options }, ports);
  if (key === undefined) {
    const { job } = await accept(randomUUID());
    logger.info('Begun', { jobId: job.id, team: job.team, size: frame.size });
    const { headers, ...response } = await acknowledged(job, ports);
    return { ...response, status: 201, headers: { ...headers, location: locationOf(job) } };
  }
  const { source: _source, ...counting } = options;
  const fingerprint = fingerprintOf(procedure.shortId, withoutMember(text, 'options'), {
    ...counting,
    creates: undefined,
  });
  const { job, isReplay } = await acceptOnce({ team: procedure.team, key, fingerprint }, accept, ports);
  const response = await acknowledged(job, ports);
  const headers = {
    ...response.headers,
    location: locationOf(job),
    'idempotency-replayed': String(isReplay),
  };
  return { ...response, status: 201, headers };
}

/** From /v1/ext/procedure/{procedure}/process/file. */
function locationOf({ id }: StoredJob): string {
  return `../../../background-job/${id}`;
}

/** A job with the addresses of its parts, while it waits for them. */
async function acknowledged(job: StoredJob, { uploads, jobs, now }: FilePorts): Promise<ApiResponse> {
  const state = (await jobs.read(job.id)) ?? { job, log: [] };
  const fileJob = fileJobOf(state.job);
  if (!isAwaitingUpload(state.job)) return fileAcknowledgment(state, undefined);
  const { size, uploadId } = fileJob;
  const signed = await uploads.signParts(fileKeys.upload(job.id), uploadId, partsOf(size), now());
  return fileAcknowledgment(state, { partSize: PART_BYTES, ...signed });
}

async function showUpload(request: ApiRequest, ports: FilePorts): Promise<ApiResponse> {
  readQuery(request.event, noQuery);
  const { job } = await jobOf(request, (id) => ports.jobs.read(id), ports.now());
  fileJobOf(job);
  if (!isAwaitingUpload(job)) throw notAwaiting();
  return acknowledged(job, ports);
}

async function complete(request: ApiRequest, ports: FilePorts): Promise<ApiResponse> {
  const { event } = request;
  const { jobs, now } = ports;
  readQuery(event, noQuery);
  const state = await jobOf(request, (id) => jobs.read(id), now());
  fileJobOf(state.job);
  await completeUpload(state, readUploadComplete(event), ports);
  const latest = await jobOf(request, (id) => jobs.read(id), now());
  logger.info('Uploaded', { jobId: latest.job.id, team: latest.job.team });
  return { ...jobResponse(latest, event, now()), status: 202 };
}

/** The files of what became of the rows, in the order of the rows. */
async function results(request: ApiRequest, { jobs, fileJobs, files, now }: ReadPorts): Promise<ApiResponse> {
  const { cursor = 0 } = readQuery(request.event, resultsQuery);
  const state = await jobOf(request, (id) => jobs.read(id), now());
  const { job } = state;
  const { format } = fileJobOf(job);
  if (progressOfState(state).completedAt === 0)
    throw new RequestError(
      'JOB_NOT_ENDED',
      'The job is still in progress. Read its results when it has ended, so that they are those of all rows.',
    );
  const chunks = await fileJobs.chunksFrom(job.id, cursor, CHUNKS_OF_PAGE);
  const found = Object.fromEntries(
    await Promise.all(
      RESULT_KINDS.map(async (kind) => {
        const some = chunks.filter(({ counts }) =>
          STATUSES_OF[kind].some((status) => (counts?.[status] ?? 0) > 0),
        );
        const urls = some.map(({ row }) => {
          const name = `${kind}-${row + 1}.${format}`;
          return files.signGet(fileKeys.result(job.id, kind, row, format), name, RESULT_URL_MS);
        });
        return [kind, await Promise.all(urls)] as const;
      }),
    ),
  );
  const last = chunks.at(-1);
  const end = last === undefined ? 0 : last.row + last.rows;
  const isLast = chunks.length < CHUNKS_OF_PAGE || end >= (state.file?.progress.position.row ?? 0);
  const next = isLast
    ? null
    : pathWithQuery(`/v1/ext/background-job/${job.id}/results`, { cursor: cursorOf(end) });
  return { status: 200, data: found, meta: { next } };
}

import { setTimeout } from 'node:timers/promises';
import { createDocumentClient } from './adapters/document-client.ts';
import { JobStore } from './adapters/job-store.ts';
import { WaitingPlaces } from './adapters/waiting-places.ts';
import { cursorOf, jobsQuery, noQuery } from './contract/queries.ts';
import { isKept, type StoredJob } from './domain/job.ts';
import { fitsByHeader } from './domain/job-filter.ts';
import type { JobState, Jobs } from './domain/ports.ts';
import { countsView, jobView, progressOfState, secondsLeft } from './domain/progress.ts';
import { type ApiRequest, type ApiResponse, apiHandler } from './http/api-handler.ts';
import { allows } from './http/caller.ts';
import { jobOf } from './http/job-of.ts';
import { jobResponse } from './http/job-response.ts';
import { pathWithQuery, preferredWait, readQuery } from './http/parameters.ts';
import { readEnvironment } from './runtime/config.ts';
import { logger } from './runtime/logger.ts';
import type { Services } from './runtime/services.ts';

const environment = readEnvironment('JOBS_TABLE', 'WAITING_REQUESTS');

/** The longest time in seconds that a client may wait for the end of a job: API Gateway gives up after 29. */
const MAX_WAIT_SECONDS = 20;
/** A waiting client hears of the end that much later at most, when it has come earlier than expected. */
const MAX_PAUSE_MS = 2_000;

/** A list ends with the jobs read by then: the logs of many in progress take longer than an invocation may. */
const RESERVE_MS = 8_000;

/** GET /v1/ext/background-job/{id}, and GET /v1/ext/background-job, the team's jobs, newest first. */
export function createHandler({ documents, now, pause }: Pick<Services, 'documents' | 'now' | 'pause'>) {
  const { JOBS_TABLE: table, WAITING_REQUESTS: places } = environment;
  const ports = {
    jobs: new JobStore(documents, table),
    waiting: new WaitingPlaces(documents, table, places),
    now,
    pause,
  };
  return apiHandler(
    'read',
    (request) => (request.path.id === undefined ? listJobs(request, ports) : readJob(request, ports)),
    logger,
  );
}

export const handler = createHandler({
  documents: createDocumentClient(),
  now: Date.now,
  pause: setTimeout,
});

interface ReadPorts extends Pick<Services, 'now' | 'pause'> {
  jobs: Jobs;
  waiting: WaitingPlaces;
}

async function readJob(request: ApiRequest, ports: ReadPorts): Promise<ApiResponse> {
  const { event } = request;
  const { jobs, now } = ports;
  readQuery(event, noQuery);
  const wait = preferredWait(event, MAX_WAIT_SECONDS);
  let state = await jobOf(request, (id) => jobs.read(id), now());
  if (wait === undefined) return jobResponse(state, event, now());

  const waited = await waitForEnd(state, wait * 1000, ports);
  // RFC 7240, 2.2: a preference may be ignored, and the response says whether it was.
  if (waited === undefined) return jobResponse(state, event, now());
  state = waited;
  const { headers, ...response } = jobResponse(state, event, now());
  return { ...response, headers: { ...headers, 'preference-applied': `wait=${wait}` } };
}

/** @returns the job at its end or when the time is over; undefined when too many wait already */
async function waitForEnd(state: JobState, waitMs: number, ports: ReadPorts): Promise<JobState | undefined> {
  if (waitMs === 0 || progressOfState(state).status !== 'IN_PROGRESS') return state;
  const { waiting, now } = ports;
  const start = now();
  const place = await waiting.take(start, waitMs);
  if (place === undefined) return undefined;
  try {
    return await readUntilEnd(state, start + waitMs, ports);
  } finally {
    await waiting.leave(place);
  }
}

/** Reads again when the end is likely to have come, so that waiting costs few reads. */
async function readUntilEnd(
  state: JobState,
  until: number,
  { jobs, now, pause }: ReadPorts,
): Promise<JobState> {
  let current = state;
  for (let time = now(); time < until; time = now()) {
    const progress = progressOfState(current);
    if (progress.status !== 'IN_PROGRESS') break;
    await pause(Math.min(secondsLeft(current.job, progress, time) * 500, MAX_PAUSE_MS, until - time));
    current = (await jobs.read(state.job.id)) ?? current;
  }
  return current;
}

/** How many jobs a page looks at when only some are wanted: as many as the largest page has. */
const MAX_LOOKED_AT = 1000;

async function listJobs(
  { event, caller, context }: ApiRequest,
  { jobs, now }: ReadPorts,
): Promise<ApiResponse> {
  const { limit, cursor, ...filter } = readQuery(event, jobsQuery);
  const isFiltered = Object.values(filter).some((value) => value !== undefined);
  const query = {
    before: cursor,
    limit,
    lookedAt: isFiltered ? MAX_LOOKED_AT : limit,
    mayBelong: (job: StoredJob) =>
      allows(caller, job.procedure) && isKept(job, now()) && fitsByHeader(job, filter),
    isOver: () => context.getRemainingTimeInMillis() < RESERVE_MS,
  };
  const page = await jobs.list(caller.team, query, (state) => {
    const progress = progressOfState(state);
    const isListed = filter.completionStatus === undefined || filter.completionStatus === progress.status;
    return isListed ? { ...jobView(state.job, progress), ...countsView(state.job, progress) } : undefined;
  });
  const next =
    page.before === undefined
      ? null
      : pathWithQuery('/v1/ext/background-job', { ...filter, limit, cursor: cursorOf(page.before) });
  return {
    status: 200,
    data: page.jobs,
    meta: { next },
  };
}

import { setTimeout as delay } from 'node:timers/promises';
import * as v from 'valibot';
import { createDocumentClient } from './adapters/document-client.ts';
import { JobStore } from './adapters/job-store.ts';
import type { JobState } from './domain/ports.ts';
import { jobView, progressOfState, secondsLeft } from './domain/progress.ts';
import { type ApiAnswer, type ApiRequest, apiHandler } from './http/api-handler.ts';
import { allows } from './http/caller.ts';
import { jobAnswer } from './http/job-answer.ts';
import { jobOf } from './http/job-of.ts';
import {
  cursorOf,
  cursorSchema,
  limitSchema,
  pathWithQuery,
  preferredWait,
  readQuery,
} from './http/parameters.ts';
import { readEnvironment } from './runtime/config.ts';
import { logger } from './runtime/logger.ts';

const environment = readEnvironment('JOBS_TABLE');
const jobs = new JobStore(createDocumentClient(), environment.JOBS_TABLE);

/** A client that prefers to wait is answered after so many seconds at the latest: API Gateway gives up after 29. */
const MAX_WAIT_SECONDS = 20;
/** A waiting client hears of the end that much later at most, when it has come earlier than expected. */
const MAX_PAUSE_MS = 2_000;

const querySchema = v.object({ limit: limitSchema(1000, 100), cursor: cursorSchema });

/** GET /v1/ext/background-job/{id}, and GET /v1/ext/background-job, the team's jobs, newest first. */
export const handler = apiHandler(
  (request) => (request.event.pathParameters?.id === undefined ? listJobs(request) : readJob(request)),
  logger,
);

async function readJob(request: ApiRequest): Promise<ApiAnswer> {
  const { event } = request;
  const wait = preferredWait(event, MAX_WAIT_SECONDS);
  let state = await jobOf(request, (id) => jobs.read(id));
  if (wait === undefined) return jobAnswer(state, event, Date.now());

  state = await waitForEnd(state, Date.now() + wait * 1000);
  const { headers, ...answer } = jobAnswer(state, event, Date.now());
  return { ...answer, headers: { ...headers, 'preference-applied': `wait=${wait}` } };
}

/** Reads again when the end is likely to have come, so that waiting costs few reads. */
async function waitForEnd(state: JobState, until: number): Promise<JobState> {
  let current = state;
  for (let now = Date.now(); now < until; now = Date.now()) {
    const progress = progressOfState(current, now);
    if (progress.status !== 'IN_PROGRESS') break;
    await delay(Math.min(secondsLeft(progress, now) * 500, MAX_PAUSE_MS, until - now));
    current = (await jobs.read(state.job.id)) ?? current;
  }
  return current;
}

async function listJobs({ event, caller }: ApiRequest): Promise<ApiAnswer> {
  const { limit, cursor } = readQuery(event, querySchema);
  const page = await jobs.list(caller.team, { before: cursor, limit });
  const now = Date.now();
  const next =
    page.before === undefined
      ? null
      : pathWithQuery('/v1/ext/background-job', { limit, cursor: cursorOf(page.before) });
  return {
    status: 200,
    data: page.jobs
      .filter(({ job }) => allows(caller, job.procedure))
      .map((state) => jobView(state.job, progressOfState(state, now))),
    meta: { next },
  };
}

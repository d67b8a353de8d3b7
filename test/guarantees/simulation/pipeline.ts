import type { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { APPLY_LIMIT_MS, UPDATE_RETENTION_MS } from '../../../lambdas/contract/limits.ts';
import { PROCEDURE_ID_INDEX, TEAM_INDEX } from '../../../lambdas/contract/tables.ts';
import type { JobFinished } from '../../../lambdas/domain/ports.ts';
import { FakeFiles, type FileFaults, fakeFilesClient } from './fake-files.ts';
import { FakeEventSource, FakeFunction, type Polling } from './fake-lambda.ts';
import { FakeQueues, fakeQueueClient } from './fake-queues.ts';
import { FakeTables, fakeDocumentClient } from './fake-tables.ts';
import { CALM, type Faults } from './plan.ts';
import { type Caller, Connection } from './service.ts';
import type { World } from './world.ts';

/** Fewer than in the template, so that more updates die. */
const MAX_RECEIVE_COUNT = 5;
/** As in the template; `work-queue.ts` and `stack.ts` say why. */
const API_LIMIT_MS = 28_000;
const CONSUMER_LIMIT_MS = 30_000;
/** As in the template: six times the time limit of the consumer. */
const VISIBILITY = 6;
const LONGEST_RETENTION_MS = 14 * 24 * 60 * 60 * 1000;

/** Fewer than in the template, so that small files wait, too. */
export const FILE_CHUNKS_IN_FLIGHT = 2;
/** So small that a file of some rows has several. */
export const CHUNK_LIMITS = { rows: 4, bytes: 4_000 };

/** The functions read these when they are loaded; the names are those of the fakes. */
Object.assign(process.env, {
  PROCESSES_TABLE: 'processes',
  PRIMARY_KEY_INDEX: 'byPrimaryKey',
  JOBS_TABLE: 'jobs',
  WAITING_REQUESTS: '10',
  PROCEDURES_TABLE: 'procedures',
  UPDATE_QUEUE_URL: 'updates',
  JOB_CHECK_QUEUE_URL: 'jobChecks',
  DEAD_LETTER_QUEUE_URL: 'deadLetters',
  FILE_STEPS_QUEUE_URL: 'fileSteps',
  FILES_BUCKET: 'files',
  FILE_CHUNKS_IN_FLIGHT: String(FILE_CHUNKS_IN_FLIGHT),
  MAX_RECEIVE_COUNT: String(MAX_RECEIVE_COUNT),
  UNDO: 'true',
  POWERTOOLS_LOG_LEVEL: 'SILENT',
  POWERTOOLS_METRICS_DISABLED: 'true',
  AWS_REGION: 'us-east-1',
});
const functions = {
  accept: await import('../../../lambdas/accept.ts'),
  apply: await import('../../../lambdas/apply.ts'),
  deadLetter: await import('../../../lambdas/dead-letter.ts'),
  finalizeJob: await import('../../../lambdas/finalize-job.ts'),
  controlJob: await import('../../../lambdas/control-job.ts'),
  readJob: await import('../../../lambdas/read-job.ts'),
  readEntries: await import('../../../lambdas/read-entries.ts'),
  undoJob: await import('../../../lambdas/undo-job.ts'),
  fileJob: await import('../../../lambdas/file-job.ts'),
  runFileJob: await import('../../../lambdas/run-file-job.ts'),
};

/** So many items a page of a query for a job's, where DynamoDB counts a megabyte. */
export const JOBS_PAGE_SIZE = 5;
const tablesOf = (pageSize: number) => ({
  processes: {
    keys: { partition: ['id'] },
    indexes: { byPrimaryKey: { partition: ['team', 'procedure', 'primaryKey'] } },
  },
  jobs: {
    keys: { partition: ['jobId'], sort: 'part' },
    indexes: { [TEAM_INDEX]: { partition: ['team'], sort: 'sequence' } },
    pageSize,
  },
  procedures: {
    keys: { partition: ['team'], sort: 'shortId' },
    indexes: { [PROCEDURE_ID_INDEX]: { partition: ['team'], sort: 'id' } },
  },
});

/** What is so in the simulation of file jobs, and otherwise in others. */
export interface FileSettings {
  /** Time limit of an invocation that does steps of file jobs. */
  stepLimitMs: number;
  /** A page has all chunks of a file. */
  jobsPageSize: number;
  faults: FileFaults;
}

const NO_FILES: FileSettings = {
  stepLimitMs: 15 * 60 * 1000,
  jobsPageSize: JOBS_PAGE_SIZE,
  faults: { brokenOff: 0 },
};
/** As long as the longest invocation; the function shortens it at once. */
const STEP_VISIBILITY_MS = 15 * 60 * 1000;

const CALM_FAULTS = () => CALM;

/** Few invocations and batches of any size bring about more of what may happen. */
const POLLING: Polling = { concurrency: 3, pauseMs: 50, isFilling: false };
/** A step may take as long as an invocation. */
const STEPS_BATCH_SIZE = 1;

export interface ApiResponse {
  status: number;
  headers: Record<string, string>;
  body: {
    _data: Record<string, unknown>;
    _meta: { queued: number; bjEntryCompletionStatusVsCount: Record<string, number> };
  };
  /** Where it is none of the API's envelopes. */
  text: string;
}

/** The real functions on services that fail as the plan says, until they are told to calm down. */
export class Pipeline {
  readonly tables: FakeTables;
  readonly queues: FakeQueues;
  readonly files = new FakeFiles();
  readonly events: JobFinished[] = [];
  readonly #world: World;
  readonly #accept: FakeFunction;
  readonly #controlJob: FakeFunction;
  readonly #undoJob: FakeFunction;
  readonly #readJob: FakeFunction;
  readonly #fileJob: FakeFunction;
  readonly #calmFiles: FakeFunction;
  #fileFaults: FileFaults;
  /** The same functions for whoever looks when nothing goes wrong any more. */
  readonly #calmJob: FakeFunction;
  readonly #calmEntries: FakeFunction;
  #faults: Faults;
  /** Whether the database refuses everything. */
  isDown = false;

  constructor(world: World, faults: Faults, polling = POLLING, files = NO_FILES) {
    this.#world = world;
    this.#faults = faults;
    this.#fileFaults = files.faults;
    this.tables = new FakeTables(tablesOf(files.jobsPageSize), (follow) => {
      const { indexLagMs } = this.#faults;
      if (indexLagMs === 0) follow();
      else world.after(world.number(indexLagMs), follow);
    });
    const queue = { visibilityTimeoutMs: VISIBILITY * CONSUMER_LIMIT_MS, retentionMs: LONGEST_RETENTION_MS };
    this.queues = new FakeQueues(
      world,
      {
        updates: {
          visibilityTimeoutMs: VISIBILITY * APPLY_LIMIT_MS,
          retentionMs: UPDATE_RETENTION_MS,
          redrive: { to: 'exhausted', maxReceiveCount: MAX_RECEIVE_COUNT },
        },
        exhausted: queue,
        deadLetters: queue,
        jobChecks: queue,
        fileSteps: { visibilityTimeoutMs: STEP_VISIBILITY_MS, retentionMs: LONGEST_RETENTION_MS },
      },
      () => this.#faults,
    );

    const faultsNow = () => this.#faults;
    const lambda = (name: keyof typeof functions, limitMs: number, faults: () => Faults = faultsNow) =>
      new FakeFunction(world, (caller, now) => this.#handlerOf(name, caller, now, faults), limitMs, faults);
    this.#calmJob = lambda('readJob', API_LIMIT_MS, CALM_FAULTS);
    this.#calmEntries = lambda('readEntries', API_LIMIT_MS, CALM_FAULTS);
    this.#accept = lambda('accept', API_LIMIT_MS);
    this.#controlJob = lambda('controlJob', API_LIMIT_MS);
    this.#undoJob = lambda('undoJob', API_LIMIT_MS);
    this.#readJob = lambda('readJob', API_LIMIT_MS);
    this.#fileJob = lambda('fileJob', API_LIMIT_MS);
    this.#calmFiles = lambda('fileJob', API_LIMIT_MS, CALM_FAULTS);
    const source = (name: string, target: FakeFunction, batchSize?: number) =>
      new FakeEventSource(world, this.queues, name, target, faultsNow, {
        ...polling,
        ...(batchSize && { batchSize }),
      });
    const sources = new Map([
      ['updates', source('updates', lambda('apply', APPLY_LIMIT_MS))],
      ['exhausted', source('exhausted', lambda('deadLetter', CONSUMER_LIMIT_MS))],
      ['jobChecks', source('jobChecks', lambda('finalizeJob', CONSUMER_LIMIT_MS))],
      ['fileSteps', source('fileSteps', lambda('runFileJob', files.stepLimitMs), STEPS_BATCH_SIZE)],
    ]);
    this.queues.onMessage = (name, inMs) => sources.get(name)?.pollIn(inMs);
  }

  /** From now on nothing goes wrong any more. */
  calmDown(): void {
    this.#faults = CALM;
    this.#fileFaults = { brokenOff: 0 };
  }

  /** @returns undefined when the function gives no answer */
  patch(
    team: string,
    processes: unknown[],
    idempotencyKey: string | undefined,
    options?: Record<string, unknown>,
    isCreate = false,
  ): Promise<ApiResponse | undefined> {
    const headers = {
      'content-type': 'application/json',
      ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
    };
    const body = JSON.stringify({ processes, options });
    const resource = isCreate ? '/process/bulk-create' : '/process';
    return this.#request(this.#accept, { team, path: { procedure: 'lead' }, resource, headers, body });
  }

  readJob(team: string, id: string): Promise<ApiResponse | undefined> {
    return this.#request(this.#readJob, { team, path: { id } });
  }

  /** The job as a client sees it when nothing goes wrong. */
  async seenJob(team: string, id: string): Promise<ApiResponse['body']> {
    const answer = await this.#request(this.#calmJob, { team, path: { id } });
    if (answer?.status !== 200) throw new Error(`GET of job ${id} was answered with ${answer?.text}`);
    return answer.body;
  }

  /** Its entries, a JSON text each, with the items as they were sent. */
  async seenEntries(team: string, id: string): Promise<string[]> {
    const headers = { accept: 'application/x-ndjson' };
    const answer = await this.#request(this.#calmEntries, { team, path: { id }, headers });
    if (answer?.status !== 200)
      throw new Error(`GET of the entries of ${id} was answered with ${answer?.text}`);
    return answer.text.split('\n').filter((line) => line !== '');
  }

  /** Ids of the team's jobs, newest first, as a client lists them page by page. */
  async listedJobs(team: string): Promise<string[]> {
    const ids: string[] = [];
    let cursor: string | undefined;
    do {
      const query = cursor === undefined ? {} : { cursor };
      const answer = await this.#request(this.#calmJob, { team, path: {}, query });
      if (answer?.status !== 200)
        throw new Error(`GET of the jobs of ${team} was answered with ${answer?.text}`);
      const { _data, _meta } = answer.body as unknown as {
        _data: { id: string }[];
        _meta: { next: string | null };
      };
      ids.push(..._data.map(({ id }) => id));
      cursor = /cursor=([^&]+)/.exec(_meta.next ?? '')?.[1];
    } while (cursor !== undefined);
    return ids;
  }

  cancel(team: string, id: string): Promise<ApiResponse | undefined> {
    return this.#request(this.#controlJob, { team, path: { id }, resource: '/{id}/cancel' });
  }

  approve(team: string, id: string): Promise<ApiResponse | undefined> {
    return this.#request(this.#controlJob, { team, path: { id }, resource: '/{id}/approve' });
  }

  retry(team: string, id: string): Promise<ApiResponse | undefined> {
    return this.#request(this.#controlJob, { team, path: { id }, resource: '/{id}/retry' });
  }

  undo(team: string, id: string): Promise<ApiResponse | undefined> {
    return this.#request(this.#undoJob, { team, path: { id }, resource: '/{id}/undo' });
  }

  /** @param body - that begins a file job */
  beginFile(team: string, body: unknown, idempotencyKey?: string): Promise<ApiResponse | undefined> {
    const headers = {
      'content-type': 'application/json',
      ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
    };
    const path = { procedure: 'lead' };
    return this.#request(this.#fileJob, {
      team,
      path,
      resource: '/file',
      headers,
      body: JSON.stringify(body),
    });
  }

  uploadOf(team: string, id: string): Promise<ApiResponse | undefined> {
    return this.#request(this.#fileJob, { team, path: { id }, resource: '/{id}/upload' });
  }

  completeUpload(team: string, id: string, parts: unknown[]): Promise<ApiResponse | undefined> {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ parts });
    return this.#request(this.#fileJob, {
      team,
      path: { id },
      resource: '/{id}/upload-complete',
      headers,
      body,
    });
  }

  /** PUTs a part as a client does over a network. @throws Error when that has no answer */
  putPart(url: string, body: Uint8Array): Promise<{ status: number; etag: string }> {
    const connection = new Connection(this.#world, { isAlive: true }, () => this.#faults);
    return connection.call(() => this.files.putPart(url, body));
  }

  /** The texts of a job's files of results, when nothing goes wrong. */
  async seenResults(team: string, id: string): Promise<Record<string, string[]>> {
    const found: Record<string, string[]> = {};
    let cursor: string | undefined;
    do {
      const query = cursor === undefined ? {} : { cursor };
      const answer = await this.#request(this.#calmFiles, {
        team,
        path: { id },
        resource: '/{id}/results',
        query,
      });
      if (answer?.status !== 200)
        throw new Error(`GET of the results of ${id} was answered with ${answer?.text}`);
      for (const [kind, urls] of Object.entries(answer.body._data as Record<string, string[]>)) {
        const texts = urls.map((url) => {
          const text = this.files.get(url);
          if (text === undefined) throw new Error(`There is no ${url}`);
          return new TextDecoder('utf-8', { ignoreBOM: true }).decode(text);
        });
        found[kind] = [...(found[kind] ?? []), ...texts];
      }
      cursor = /cursor=([^&]+)/.exec((answer.body._meta as { next?: string }).next ?? '')?.[1];
    } while (cursor !== undefined);
    return found;
  }

  async #request(
    target: FakeFunction,
    request: {
      team: string;
      path: Record<string, string>;
      resource?: string;
      query?: Record<string, string>;
      headers?: Record<string, string>;
      body?: string;
    },
  ): Promise<ApiResponse | undefined> {
    const { team, path, resource = '', query = null, headers = {}, body = null } = request;
    const answer = (await target.invoke({
      resource,
      path: '/v1/ext',
      pathParameters: path,
      queryStringParameters: query,
      multiValueQueryStringParameters: null,
      headers,
      multiValueHeaders: {},
      body,
      isBase64Encoded: false,
      requestContext: { requestId: 'request', authorizer: { team } },
    })) as { statusCode: number; headers: Record<string, string>; body: string } | undefined;
    if (answer === undefined) return undefined;
    const { statusCode: status, headers: sent, body: text } = answer;
    const isJson = sent['content-type']?.startsWith('application/json');
    return { status, headers: sent, body: isJson ? JSON.parse(text) : {}, text };
  }

  #handlerOf(name: keyof typeof functions, caller: Caller, now: () => number, faults: () => Faults) {
    const connection = new Connection(this.#world, caller, faults);
    const publish = ({ input }: PutEventsCommand) =>
      connection.call(() => {
        for (const { Detail = '' } of input.Entries ?? []) this.events.push(JSON.parse(Detail));
        return { Entries: [{ EventId: 'event' }] };
      });
    const services = {
      documents: fakeDocumentClient(this.tables, connection, () => this.isDown),
      queues: fakeQueueClient(this.queues, connection),
      events: { send: publish } as unknown as EventBridgeClient,
      files: fakeFilesClient(this.files, { world: this.#world, caller, connection }, () =>
        faults === CALM_FAULTS ? NO_FILES.faults : this.#fileFaults,
      ),
      now,
      pause: (ms: number) => this.#pause(ms, caller),
    };
    return name === 'runFileJob'
      ? functions[name].createHandler(services, CHUNK_LIMITS)
      : functions[name].createHandler(services);
  }

  async #pause(ms: number, caller: Caller): Promise<void> {
    await this.#world.pause(ms);
    // What is killed never goes on.
    if (!caller.isAlive) await new Promise(() => {});
  }
}

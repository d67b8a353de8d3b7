import { definedOf } from '../../lambdas/contract/defined-of.ts';
import type { JobCounts, UploadView } from '../../lambdas/contract/views.ts';
import { contradiction, errorOfResponse } from './api-error.ts';
import { segment } from './base-url.ts';
import type { Content } from './content.ts';
import { envelope, isObject, isReplay } from './envelope.ts';
import {
  type BeginFileOptions,
  type BegunFile,
  FileJobs,
  type FileShape,
  type ResultFiles,
  type SubmitFileOptions,
  type SubmittedFile,
  type UploadedPart,
} from './files.ts';
import { assertHeaderText } from './header-text.ts';
import { type BodyOptions, type CreateOptions, withOptions } from './job-label.ts';
import { acknowledgmentOf, jobOf, listedJob } from './job-of.ts';
import { jsonText } from './json-text.ts';
import { assertOptions, type Kind } from './options.ts';
import { elementsOf, type Page, pagesOf } from './pages.ts';
import { JOBS, jobPath, PROCEDURES, pathWith, procedurePath } from './paths.ts';
import {
  type ClientRequest,
  type ClientResponse,
  type RequestOptions,
  Requests,
  retryAfterMs,
} from './requests.ts';
import type {
  Accepted,
  ApiKeyView,
  DryRun,
  Entry,
  EntryStatus,
  Envelope,
  Item,
  Job,
  JobStatus,
  JobSummary,
  NewItem,
  Outcome,
  ProcedureSummary,
  ProcedureView,
  ProcessView,
} from './responses.ts';

export { ApiError } from './api-error.ts';
export type { Content } from './content.ts';
export type {
  BeginFileOptions,
  BegunFile,
  FileJobOptions,
  FileShape,
  ResultFiles,
  SubmitFileOptions,
  SubmittedFile,
  UploadedPart,
  UploadProgress,
  UploadState,
} from './files.ts';
export type { BodyOptions, CreateOptions, JobLabel, Safeguards } from './job-label.ts';
export type { RequestOptions } from './requests.ts';
export type * from './responses.ts';

export interface SubmitOptions {
  /**
   * The same request sent again with the same key within 24 hours is accepted once.
   * @default a random key, so that a retry by the client is not accepted twice
   */
  idempotencyKey?: string;
  /** Reports what would happen to the items, and changes nothing. */
  dryRun?: boolean;
}

export interface ApproveOptions {
  /** The `etag` of the plan that was looked at. Another plan is then not approved ({@link ApiError} 412). */
  etag?: string | undefined;
}

export interface UndoOptions {
  /** Reports what would be given back and what would stay, and changes nothing. */
  dryRun?: boolean;
}

export interface WatchOptions {
  /**
   * Maximum number of seconds between two reports of the job.
   * @default 60, which the API does not exceed
   */
  everySeconds?: number;
}

export interface JobsOptions {
  completionStatus?: JobStatus;
  /** Short id. */
  procedure?: string;
  /** Part of the name, regardless of case. */
  name?: string;
  /**
   * Jobs a page: 1 to 1,000.
   * @default 100
   */
  limit?: number;
}

export interface EntriesOptions {
  completionStatus?: EntryStatus;
  outcome?: Outcome;
  /** Id or primary key by which an item names its process, as text. */
  identifier?: string;
  /**
   * Entries a page: 1 to 1,000.
   * @default 1000
   */
  limit?: number;
}

/** Formats of entries in which each comes with its item as it was sent. */
export type EntriesFormat = 'text/csv' | 'application/x-ndjson';

const SUBMIT_OPTIONS = { idempotencyKey: 'string', dryRun: 'boolean' } as const;
const BODY_OPTIONS = {
  name: 'string',
  source: 'object',
  onInvalid: 'string',
  canary: 'number',
  abortOn: 'object',
  plan: 'boolean',
  onMissing: 'string',
} as const;
const { onMissing: _onMissing, ...CREATE_OPTIONS } = BODY_OPTIONS;
const JOBS_OPTIONS = {
  completionStatus: 'string',
  procedure: 'string',
  name: 'string',
  limit: 'number',
} as const;
const ENTRIES_OPTIONS = {
  completionStatus: 'string',
  outcome: 'string',
  identifier: 'string',
  limit: 'number',
} as const;
const BULK_CREATE = { method: 'POST', below: '/bulk-create' } as const;
const API_KEY = '/v1/ext/api-key';
/** Maximum number of seconds that the API waits with a response. */
const LONGEST_WAIT_SECONDS = 20;
const LARGEST_PAGE = 1000;
/** Shortest pause, for an API that responds at once although it was asked to wait. */
const SHORTEST_WAIT_SECONDS = 0.5;

/**
 * Client of the Bulk Update Process API. It needs `fetch` and nothing of Node.js.
 *
 * It retries a request after 429, 5xx or no response, and waits as long as `Retry-After` says. It only retries what has
 * the same effect when sent twice. After the last attempt it throws an {@link ApiError}.
 */
export class BulkUpdateClient {
  readonly #requests: Requests;
  readonly #files: FileJobs;

  constructor(options: RequestOptions) {
    this.#requests = new Requests(options);
    this.#files = new FileJobs(this.#requests, options);
  }

  /** Reads a procedure: its primary key, states and attributes. */
  async procedure(procedure: string): Promise<ProcedureView> {
    const response = await this.#requests.send({
      method: 'GET',
      path: procedurePath(procedure),
      isRepeatable: true,
    });
    const { _data } = envelope<ProcedureView, object>(response);
    if (!isProcedure(_data)) throw errorOfResponse(response.status, response.headers, response.text);
    return _data;
  }

  /** Yields the procedures that the API key allows, sorted by short id. */
  async *procedures(): AsyncGenerator<ProcedureSummary, void, void> {
    yield* elementsOf<ProcedureSummary>(this.#requests, PROCEDURES);
  }

  /** Reads what the API key allows, when it expires, and which stage it is of. The key itself is never shown. */
  async apiKey(): Promise<ApiKeyView> {
    const response = await this.#requests.send({ method: 'GET', path: API_KEY, isRepeatable: true });
    const { _data } = envelope<ApiKeyView, object>(response);
    if (typeof _data.team !== 'string')
      throw errorOfResponse(response.status, response.headers, response.text);
    return _data;
  }

  /** Reads a process. @param identifier - its id, or its primary key as `{ lead_id: 'LEAD-910' }` */
  async process(
    procedure: string,
    identifier: string | Readonly<Record<string, string | number>>,
  ): Promise<ProcessView> {
    const parts = typeof identifier === 'string' ? [identifier] : Object.entries(identifier).flat();
    const path = parts.map((part) => segment(String(part))).join('/');
    const { _data } = await this.#read<ProcessView, object>(`${procedurePath(procedure)}/process/${path}`);
    return _data;
  }

  /**
   * Submits 1 to 10,000 items. An invalid item becomes an `INVALID` entry; with `onInvalid: 'reject'` it fails the request.
   * @throws TypeError before anything is sent, for values that JSON changes to null or drops (NaN, an invalid Date, a
   * Map), for unknown options, and for an idempotency key that a header cannot hold
   * @throws ApiError when the whole request is refused
   */
  submit(
    procedure: string,
    items: readonly Item[],
    options: SubmitOptions & BodyOptions & { dryRun: true },
  ): Promise<DryRun>;
  submit(
    procedure: string,
    items: readonly Item[],
    options?: SubmitOptions & BodyOptions & { dryRun?: false },
  ): Promise<Accepted>;
  submit(
    procedure: string,
    items: readonly Item[],
    options: SubmitOptions & BodyOptions = {},
  ): Promise<Accepted | DryRun> {
    assertSubmitOptions(options, BODY_OPTIONS);
    const { idempotencyKey, dryRun, ...inBody } = options;
    const body = withOptions(`{"processes":${jsonText('items', items)}}`, definedOf(inBody));
    return this.#submit(procedure, body, definedOf({ idempotencyKey, dryRun }));
  }

  /**
   * Creates 1 to 10,000 processes. An item whose primary key a process has ends as `PROCESS_EXISTS`. In all else as
   * {@link submit}.
   */
  create(
    procedure: string,
    items: readonly NewItem[],
    options: SubmitOptions & CreateOptions & { dryRun: true },
  ): Promise<DryRun>;
  create(
    procedure: string,
    items: readonly NewItem[],
    options?: SubmitOptions & CreateOptions & { dryRun?: false },
  ): Promise<Accepted>;
  create(
    procedure: string,
    items: readonly NewItem[],
    options: SubmitOptions & CreateOptions = {},
  ): Promise<Accepted | DryRun> {
    assertSubmitOptions(options, CREATE_OPTIONS);
    const { idempotencyKey, dryRun, ...inBody } = options;
    const body = withOptions(`{"processes":${jsonText('items', items)}}`, definedOf(inBody));
    return this.#submit(procedure, body, definedOf({ idempotencyKey, dryRun }), BULK_CREATE);
  }

  /** Submits a body as text, for numbers that JavaScript would round. The body holds its options itself. */
  submitText(procedure: string, body: string, options: SubmitOptions & { dryRun: true }): Promise<DryRun>;
  submitText(
    procedure: string,
    body: string,
    options?: SubmitOptions & { dryRun?: false },
  ): Promise<Accepted>;
  submitText(procedure: string, body: string, options: SubmitOptions = {}): Promise<Accepted | DryRun> {
    assertSubmitOptions(options);
    return this.#submit(procedure, body, options);
  }

  /** The same of {@link create}. */
  createText(procedure: string, body: string, options: SubmitOptions & { dryRun: true }): Promise<DryRun>;
  createText(
    procedure: string,
    body: string,
    options?: SubmitOptions & { dryRun?: false },
  ): Promise<Accepted>;
  createText(procedure: string, body: string, options: SubmitOptions = {}): Promise<Accepted | DryRun> {
    assertSubmitOptions(options);
    return this.#submit(procedure, body, options, BULK_CREATE);
  }

  /**
   * Submits a file of up to 100 million rows as one job: begins the job, uploads the file in parts, four at a time, and has
   * it read and applied. A stream takes the memory of the parts in flight, 16 MiB each; a Blob takes none.
   *
   * To go on after it broke off, call it again with the same file and the same idempotency key, or with the `resume` that
   * `onProgress` told, or with both: then parts that are stored are not sent again.
   * @throws ApiError when the file is refused, or a part fails at every attempt
   * @throws TypeError when the file has not the size that was given
   */
  submitFile(
    procedure: string,
    file: FileShape & { content: Content },
    options: SubmitFileOptions = {},
  ): Promise<SubmittedFile> {
    return this.#files.submit(procedure, file, options);
  }

  /** Begins a job that waits for its file, for a client that uploads the parts itself. Else use {@link submitFile}. */
  beginFile(procedure: string, file: FileShape, options: BeginFileOptions = {}): Promise<BegunFile> {
    return this.#files.begin(procedure, file, options);
  }

  /**
   * Signs the addresses of the parts of a file anew, as they expire.
   * @throws ApiError 409 when the job does not wait for its file any more
   */
  signUpload(jobId: string): Promise<UploadView> {
    return this.#files.sign(jobId);
  }

  /**
   * Has the uploaded file of a job read and applied. To complete again is the same as once.
   * @param parts - all of them, in the order of their numbers
   */
  completeUpload(jobId: string, parts: readonly UploadedPart[]): Promise<Job> {
    return this.#files.complete(jobId, parts);
  }

  /**
   * Yields where the results of a file job are, a page at a time: files in the form of the one that was uploaded, with
   * `_row`, `_line`, `_status` and so on. The addresses expire within the hour.
   * @throws ApiError 409 when the job is in progress, or is not from a file
   */
  results(jobId: string): AsyncGenerator<ResultFiles, void, void> {
    return this.#files.results(jobId);
  }

  /** Reads a job with its counts. */
  async job(jobId: string): Promise<Job> {
    return jobOf(
      await this.#requests.send({ method: 'GET', path: jobPath(jobId), isRepeatable: true }),
      jobId,
    );
  }

  /**
   * Yields a job at once, whenever it has changed, and when it has ended. The client asks as rarely as the API allows,
   * and the API responds when the job ends. A plan waits for its approval, and a file job for its file, so each is yielded
   * once until then.
   */
  async *watch(jobId: string, options: WatchOptions = {}): AsyncGenerator<Job, void, void> {
    assertOptions(options, { everySeconds: 'number' });
    const { everySeconds = 60 } = options;
    let etag: string | undefined;
    let waitSeconds = 0;
    for (;;) {
      const headers = definedOf({
        'if-none-match': etag,
        prefer: waitSeconds === 0 ? undefined : `wait=${waitSeconds}`,
      });
      const request = { method: 'GET', path: jobPath(jobId), headers, isRepeatable: true } as const;
      const askedAt = performance.now();
      const response = await this.#requests.send(request);
      if (response.status !== 304) {
        const job = jobOf(response, jobId);
        yield job;
        if (job.completionStatus !== 'IN_PROGRESS') return;
        etag = response.headers.get('etag') ?? undefined;
      }
      const hasWaited = response.headers.has('preference-applied');
      const waited = (performance.now() - askedAt) / 1000;
      await this.#requests.pause(Math.max((hasWaited ? SHORTEST_WAIT_SECONDS : waitSeconds) - waited, 0));
      const seconds = Math.min(Math.ceil((retryAfterMs(response.headers) ?? 1000) / 1000), everySeconds);
      waitSeconds = Math.min(Math.max(seconds, 1), LONGEST_WAIT_SECONDS);
      await this.#requests.pause(Math.max(seconds - waitSeconds, 0));
    }
  }

  /** Yields the entries of a job in the order of submission. */
  async *entries(jobId: string, options: EntriesOptions = {}): AsyncGenerator<Entry, void, void> {
    yield* elementsOf<Entry>(this.#requests, entriesPath(jobId, options));
  }

  /** Counts the entries of a job. */
  async countEntries(jobId: string, options: Omit<EntriesOptions, 'limit'> = {}): Promise<number> {
    const path = entriesPath(jobId, { ...options, limit: 1 });
    const { _meta } = await this.#read<Entry[], { total?: unknown }>(path);
    const { total } = _meta;
    if (typeof total === 'number' && Number.isSafeInteger(total) && total >= 0) return total;
    throw contradiction(200, 'returned a number of entries that is not a whole number');
  }

  /** Yields the entries as text, a page at a time. Each page of CSV has its own header. */
  async *entriesText(
    jobId: string,
    format: EntriesFormat,
    options: EntriesOptions = {},
  ): AsyncGenerator<string, void, void> {
    // Each page of CSV has a header.
    const emptyLines = format === 'text/csv' ? 1 : 0;
    const read = ({ headers, text }: ClientResponse): Page<string> => ({
      content: text,
      isEmpty: text.split('\n', 3).filter((line) => line.trim() !== '').length <= emptyLines,
      next: /<([^<>]*)>\s*;\s*rel="?next"?/.exec(headers.get('link') ?? '')?.[1] ?? null,
    });
    yield* pagesOf(this.#requests, entriesPath(jobId, options), { accept: format }, read);
  }

  /** Yields the jobs of the team, newest first. */
  async *jobs(options: JobsOptions = {}): AsyncGenerator<Job, void, void> {
    assertOptions(options, JOBS_OPTIONS);
    const path = pathWith(JOBS, { limit: 100, ...definedOf(options) });
    for await (const job of elementsOf<JobSummary & JobCounts>(this.#requests, path)) yield listedJob(job);
  }

  /**
   * Approves a plan: its updates are applied where nothing has changed since. To approve again is the same as once.
   * @throws ApiError 409 when the job is not a plan, or was discarded or has expired; 412 when it is not that of `etag`
   */
  async approve(
    jobId: string,
    options: ApproveOptions = {},
  ): Promise<Omit<Accepted, 'idempotencyKey' | 'isReplay'>> {
    assertOptions(options, { etag: 'string' });
    assertHeaderText('etag', options.etag);
    const path = `${jobPath(jobId)}/approve`;
    const headers = definedOf({ 'if-match': options.etag });
    return acknowledgmentOf(await this.#requests.send({ method: 'POST', path, headers, isRepeatable: true }));
  }

  /**
   * Cancels the updates of a job that are not applied yet. The job ends within seconds. A plan is discarded: nothing of
   * it is ever applied.
   * @throws ApiError 409 when it has ended
   */
  async cancel(jobId: string): Promise<Job> {
    const path = `${jobPath(jobId)}/cancel`;
    return jobOf(await this.#requests.send({ method: 'POST', path, isRepeatable: true }), jobId);
  }

  /**
   * Retries the entries that failed for a transient reason, as a new job.
   * @throws ApiError 409 when no entry is retryable, or the job is in progress
   */
  async retry(jobId: string): Promise<Omit<Accepted, 'idempotencyKey' | 'isReplay'>> {
    const path = `${jobPath(jobId)}/retry`;
    return acknowledgmentOf(await this.#requests.send({ method: 'POST', path, isRepeatable: false }));
  }

  /**
   * Undoes a job that has ended, as a new job: each field gets back the value that it would have without that job, unless
   * something newer has set it. To undo again is the same as once.
   * @throws ApiError 409 when the job is in progress, or none of its entries succeeded
   */
  undo(jobId: string, options: UndoOptions & { dryRun: true }): Promise<DryRun>;
  undo(jobId: string, options?: UndoOptions & { dryRun?: false }): Promise<Omit<Accepted, 'idempotencyKey'>>;
  async undo(jobId: string, options: UndoOptions = {}): Promise<DryRun | Omit<Accepted, 'idempotencyKey'>> {
    assertOptions(options, { dryRun: 'boolean' });
    const path = `${jobPath(jobId)}/undo`;
    if (options.dryRun === true) return this.#dryRun({ method: 'POST', path });
    const response = await this.#requests.send({ method: 'POST', path, isRepeatable: true });
    const accepted = acknowledgmentOf(response);
    if (accepted.job.undoes !== jobId)
      throw contradiction(response.status, 'returned something other than the undo of the job');
    return { ...accepted, isReplay: isReplay(response) };
  }

  async #submit(
    procedure: string,
    body: string,
    { idempotencyKey = crypto.randomUUID(), dryRun = false }: SubmitOptions,
    { method, below }: { method: 'PATCH' | 'POST'; below: string } = { method: 'PATCH', below: '' },
  ): Promise<Accepted | DryRun> {
    const path = `${procedurePath(procedure)}/process${below}`;
    if (dryRun) return this.#dryRun({ method, path, body });
    const headers = { 'idempotency-key': idempotencyKey };
    const response = await this.#requests.send({ method, path, headers, body, isRepeatable: true });
    return { ...acknowledgmentOf(response), idempotencyKey, isReplay: isReplay(response) };
  }

  /** Sends a request that writes as one that does not. */
  async #dryRun({ path, ...request }: Pick<ClientRequest, 'method' | 'path' | 'body'>): Promise<DryRun> {
    const response = await this.#requests.send({
      ...request,
      path: `${path}?dryRun=true`,
      isRepeatable: true,
    });
    const { _data, _meta } = envelope<Pick<DryRun, 'entries'>, JobCounts>(response);
    return { ..._data, total: _meta.total, counts: _meta.bjEntryCompletionStatusVsCount };
  }

  async #read<Data, Meta>(path: string): Promise<Envelope<Data, Meta>> {
    return envelope<Data, Meta>(await this.#requests.send({ method: 'GET', path, isRepeatable: true }));
  }
}

function assertSubmitOptions(options: SubmitOptions, others: Readonly<Record<string, Kind>> = {}): void {
  assertOptions(options, { ...SUBMIT_OPTIONS, ...others });
  assertHeaderText('idempotency key', options.idempotencyKey);
}

function entriesPath(jobId: string, options: EntriesOptions): string {
  assertOptions(options, ENTRIES_OPTIONS);
  return pathWith(`${jobPath(jobId)}/entries`, { limit: LARGEST_PAGE, ...definedOf(options) });
}

function isProcedure({ shortId, primaryKey, states, attributes }: ProcedureView): boolean {
  const isText = (value: unknown) => typeof value === 'string';
  const hasNames = [shortId, primaryKey].every(isText) && Array.isArray(states) && states.every(isText);
  return (
    hasNames &&
    isObject(attributes) &&
    Object.values(attributes).every((attribute) => isText(attribute?.type))
  );
}

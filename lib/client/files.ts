import { definedOf } from '../../lambdas/contract/defined-of.ts';
import type { UploadView } from '../../lambdas/contract/views.ts';
import { ApiError, contradiction, errorOfResponse } from './api-error.ts';
import { type Content, partSizes } from './content.ts';
import { envelope, isObject, isReplay } from './envelope.ts';
import { assertHeaderText } from './header-text.ts';
import type { JobLabel, Safeguards } from './job-label.ts';
import { jobOf } from './job-of.ts';
import { jsonText } from './json-text.ts';
import { assertOptions, type Kind } from './options.ts';
import { type Page, pagesOf } from './pages.ts';
import { jobPath, procedurePath } from './paths.ts';
import type { ClientResponse, Requests } from './requests.ts';
import type { Job } from './responses.ts';
import { type PartOptions, uploadParts } from './upload.ts';

/** A file whose rows become the entries of one job. */
export interface FileShape {
  format: 'csv' | 'ndjson';
  compression?: 'gzip' | null;
  /** Bytes, as the file is uploaded. */
  size: number;
  /** Of a CSV: what each column is, by its header. Other columns are not sent. */
  columns?: Readonly<Record<string, string>>;
  /** Of a CSV: what a process must have, by the header of the column that says it. */
  expect?: Readonly<Record<string, string>>;
  /** Of a CSV: the cell that clears a field. */
  clearMarker?: string;
  /** Of a CSV: the character between cells. */
  delimiter?: ',' | ';' | '\t' | '|';
}

/** How the rows of a file are applied. */
export interface FileJobOptions extends Safeguards {
  name?: string;
  source?: Pick<NonNullable<JobLabel['source']>, 'file'>;
  /** `create`: a row whose primary key no process has creates it. @default 'error' */
  onMissing?: 'error' | 'create';
}

export interface BeginFileOptions extends FileJobOptions {
  /** The same request sent again with the same key within 24 hours begins one job. @default a random key */
  idempotencyKey?: string;
}

/** How far an upload is, for going on with it after it broke off. JSON can hold it. */
export interface UploadState {
  jobId: string;
  /** ETags of the parts that are stored, by number. */
  etags: Readonly<Record<number, string>>;
}

export interface UploadProgress {
  /** Bytes of the parts that are stored. */
  uploaded: number;
  size: number;
  /** To be given as `resume` if the upload breaks off. */
  state: UploadState;
}

export interface SubmitFileOptions extends BeginFileOptions {
  /**
   * What `onProgress` told before the upload broke off: the parts that it names are not sent again. Without an
   * idempotency key, the job is the one that it names.
   */
  resume?: UploadState;
  /** Called at the beginning, and whenever a part is stored. */
  onProgress?: (progress: UploadProgress) => void;
}

/** A job that waits for its file. */
export interface BegunFile {
  job: Job;
  /** Where to put the parts of the file. Undefined when the job does not wait for them any more. */
  upload: UploadView | undefined;
  /** The key with which the request can be repeated. */
  idempotencyKey: string;
  /** Whether an earlier request began the job. */
  isReplay: boolean;
}

/** A job whose file is uploaded. */
export interface SubmittedFile {
  job: Job;
  /** Whether the file was accepted before, so that nothing was uploaded now. */
  isReplay: boolean;
}

export interface UploadedPart {
  partNumber: number;
  etag: string;
}

/** Addresses of files with the rows of a job and what became of them, in the order of the rows. */
export interface ResultFiles {
  succeeded: string[];
  failed: string[];
  unprocessed: string[];
}

const SHAPE: Readonly<Record<keyof FileShape, Kind>> = {
  format: 'string',
  compression: 'string',
  size: 'number',
  columns: 'object',
  expect: 'object',
  clearMarker: 'string',
  delimiter: 'string',
};
const BEGIN_OPTIONS: Readonly<Record<keyof BeginFileOptions, Kind>> = {
  name: 'string',
  source: 'object',
  canary: 'number',
  abortOn: 'object',
  onMissing: 'string',
  idempotencyKey: 'string',
};
const SUBMIT_OPTIONS: Readonly<Record<keyof SubmitFileOptions, Kind>> = {
  ...BEGIN_OPTIONS,
  resume: 'object',
  onProgress: 'function',
};
const RESULT_KINDS = ['succeeded', 'failed', 'unprocessed'] as const;

/** Begins file jobs, uploads their files and lists their results. */
export class FileJobs {
  readonly #requests: Requests;
  readonly #options: PartOptions;

  constructor(requests: Requests, options: PartOptions) {
    this.#requests = requests;
    this.#options = options;
  }

  async begin(procedure: string, file: FileShape, options: BeginFileOptions): Promise<BegunFile> {
    const { compression, ...others } = file;
    assertOptions({ ...others, compression: compression ?? undefined }, SHAPE);
    assertOptions(options, BEGIN_OPTIONS);
    const { idempotencyKey = crypto.randomUUID(), ...inBody } = options;
    assertHeaderText('idempotency key', idempotencyKey);
    const body = jsonText('file', { ...definedOf(file), options: definedOf(inBody) });
    const response = await this.#requests.send({
      method: 'POST',
      path: `${procedurePath(procedure)}/process/file`,
      headers: { 'idempotency-key': idempotencyKey },
      body,
      isRepeatable: true,
    });
    return { ...begunOf(response, undefined), idempotencyKey, isReplay: isReplay(response) };
  }

  async sign(jobId: string): Promise<UploadView> {
    const path = `${jobPath(jobId)}/upload`;
    const response = await this.#requests.send({ method: 'GET', path, isRepeatable: true });
    const { upload } = begunOf(response, jobId);
    if (upload === undefined) throw errorOfResponse(response.status, response.headers, response.text);
    return upload;
  }

  async complete(jobId: string, parts: readonly UploadedPart[]): Promise<Job> {
    const path = `${jobPath(jobId)}/upload-complete`;
    const body = jsonText('parts', { parts });
    return jobOf(await this.#requests.send({ method: 'POST', path, body, isRepeatable: true }), jobId);
  }

  results(jobId: string): AsyncGenerator<ResultFiles, void, void> {
    return pagesOf(this.#requests, `${jobPath(jobId)}/results`, {}, resultsOf);
  }

  async submit(
    procedure: string,
    file: FileShape & { content: Content },
    options: SubmitFileOptions,
  ): Promise<SubmittedFile> {
    assertOptions(options, SUBMIT_OPTIONS);
    const { content, ...shape } = file;
    const { resume, onProgress, ...begin } = options;
    const isNamed = resume !== undefined && begin.idempotencyKey === undefined;
    const begun = isNamed ? await this.#resumed(resume.jobId) : await this.begin(procedure, shape, begin);
    const { job, upload } = begun;
    if (upload === undefined) return { job, isReplay: true };
    const { id: jobId } = job;
    const { size } = shape;
    const sizes = partSizes(size, upload.partSize);
    const known = Object.entries(resume?.jobId === jobId ? resume.etags : {});
    const etags = new Map(
      known.map(([number, etag]) => [Number(number), etag] as const).filter(([number]) => sizes.has(number)),
    );
    const onPart = () => {
      const uploaded = [...etags.keys()].reduce((sum, number) => sum + (sizes.get(number) ?? 0), 0);
      onProgress?.({ uploaded, size, state: { jobId, etags: Object.fromEntries(etags) } });
    };
    onPart();
    const sign = () => this.sign(jobId);
    await uploadParts({ content, size, upload, etags, sign, onPart }, this.#options);
    const parts = [...sizes.keys()].map((partNumber) => ({ partNumber, etag: etags.get(partNumber) ?? '' }));
    return { job: await this.complete(jobId, parts), isReplay: false };
  }

  /** A job that was begun before, with its addresses if it still waits for its file. */
  async #resumed(jobId: string): Promise<Pick<BegunFile, 'job' | 'upload'>> {
    const job = jobOf(
      await this.#requests.send({ method: 'GET', path: jobPath(jobId), isRepeatable: true }),
      jobId,
    );
    const isAwaited = job.completionStatus === 'AWAITING_UPLOAD';
    return { job, upload: isAwaited ? await this.sign(jobId) : undefined };
  }
}

/** Parses a job with the addresses of its parts. */
function begunOf(response: ClientResponse, jobId: string | undefined): Pick<BegunFile, 'job' | 'upload'> {
  const { upload, ...job } = jobOf(response, jobId);
  if (upload === undefined) {
    if (job.completionStatus !== 'AWAITING_UPLOAD') return { job, upload };
    throw contradiction(response.status, 'began a job and told no addresses for its file');
  }
  const { partSize, parts } = upload;
  const isPart = (part: UploadView['parts'][number]) =>
    Number.isSafeInteger(part?.partNumber) && typeof part.url === 'string' && URL.canParse(part.url);
  if (Number.isSafeInteger(partSize) && partSize > 0 && Array.isArray(parts) && parts.every(isPart))
    return { job, upload };
  throw contradiction(response.status, 'told addresses of a file that are not valid');
}

/** Parses a page of results. */
function resultsOf(response: ClientResponse): Page<ResultFiles> {
  const { _data, _meta } = envelope<ResultFiles, { next?: unknown }>(response);
  const lists = RESULT_KINDS.map((kind) => _data[kind]);
  const isList = (urls: unknown) =>
    Array.isArray(urls) && urls.every((url) => typeof url === 'string' && URL.canParse(url));
  if (!isObject(_data) || !lists.every(isList))
    throw new ApiError('The API listed something other than results.', { status: response.status });
  return { content: _data, isEmpty: lists.every(({ length }) => length === 0), next: _meta.next ?? null };
}

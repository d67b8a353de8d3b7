import { openAsBlob } from 'node:fs';
import { definedOf } from '../../lambdas/contract/defined-of.ts';
import { contradiction } from '../client/api-error.ts';
import { idempotencyKeyOf } from '../client/batches.ts';
import type {
  ApiError,
  BulkUpdateClient,
  FileJobOptions,
  Job,
  SubmittedFile,
  UploadProgress,
} from '../client/index.ts';
import { isInVain } from '../client/send-batch.ts';
import { miscount, noCounts } from './counts.ts';
import { type FailedFile, writeFailed } from './failed-file.ts';
import type { AbortedJob, Report } from './file-run.ts';
import type { Input } from './input.ts';
import { showReading } from './job-progress.ts';
import { failuresOfJob } from './job-results.ts';
import { type PackedItems, packItems } from './packed-items.ts';
import type { Progress } from './progress.ts';
import { type UndoneJob, undoneJob } from './undone-job.ts';
import type { UploadStates } from './upload-states.ts';

export interface FileJobRunOptions {
  /** Short id. */
  procedure: string;
  /** How the rows are applied, and what the job is called. */
  job: FileJobOptions;
  /** Waits until the job has ended. */
  watch: boolean;
  /** Maximum number of seconds between two reports of the job. */
  everySeconds: number;
  /** Changes the idempotency key, so that the same file is sent again. */
  salt?: string | undefined;
  /** Path of the failed rows. Default: the next free name. */
  failedPath?: string | undefined;
  /** What is known of uploads that broke off. */
  uploads: UploadStates;
}

/**
 * Sends a file as one job: writes its items to a temporary file, uploads that in parts, follows the job, and picks the
 * failed rows out of its results. A repeated run goes on with the same job.
 */
export class FileJobRun {
  readonly #client: BulkUpdateClient;
  readonly #input: Input;
  readonly #options: FileJobRunOptions;
  readonly #progress: Progress;
  /** Undefined until its file is uploaded. */
  #job: Job | undefined;
  #isReplay = false;
  #upload = { uploaded: 0, size: 0 };
  #created: number | undefined;
  #undone: UndoneJob[] | undefined;

  constructor(client: BulkUpdateClient, input: Input, options: FileJobRunOptions, progress: Progress) {
    this.#client = client;
    this.#input = input;
    this.#options = options;
    this.#progress = progress;
  }

  /** @throws ApiError when the file is refused, or a part fails at every attempt; `report` then returns how far it is */
  async run(): Promise<Report> {
    const job = await this.#send();
    const latest = this.#options.watch ? await this.#follow(job) : job;
    if (isOver(latest) && latest.total !== this.#input.total) throw miscount(latest.total, this.#input.total);
    if (isOver(latest)) await this.#countCreated(latest);
    if (this.#isReplay) await this.#findUndone(latest);
    return this.report(await this.#writeFailed(latest));
  }

  report(failed?: FailedFile): Report {
    const { total } = this.#input;
    const sent = this.#job === undefined ? 0 : total;
    return {
      total,
      sent,
      sentBefore: this.#isReplay ? sent : 0,
      jobs: this.#job === undefined ? [] : [this.#job.id],
      counts: this.#counts(),
      planned: undefined,
      created: this.#created,
      undone: this.#undone,
      aborted: this.#aborted(),
      failed,
      upload: this.#upload,
    };
  }

  async #send(): Promise<Job> {
    const { total } = this.#input;
    const items = await packItems(this.#input, (rows) => this.#progress.update('read', rows, total));
    const { procedure, salt = '', job: options } = this.#options;
    const jobs = new Set<string>();
    // The same items that create what is missing are another request.
    for (let suffix = options.onMissing === undefined ? salt : `${salt} missing`; ; ) {
      const body = `file ${items.itemsDigest}`;
      const key = await idempotencyKeyOf(procedure, { start: 0, body }, suffix);
      const { job, isReplay } = await this.#uploadAs(key, items);
      const isLast = !isReplay || !isInVain(job);
      if (isLast) {
        this.#job = job;
        this.#isReplay = isReplay;
        await items.remove();
        return job;
      }
      if (jobs.size === jobs.add(job.id).size)
        throw contradiction(201, 'returned the same job for another key');
      suffix = `${salt} ${job.id}`;
    }
  }

  /** Uploads the items as the job of a key, and remembers which parts are stored. */
  async #uploadAs(key: string, { path, size, bytesDigest }: PackedItems): Promise<SubmittedFile> {
    const { procedure, uploads, job: options } = this.#options;
    const known = await uploads.read(key);
    let stored = Promise.resolve();
    let mayStore = true;
    const onProgress = ({ uploaded, state }: UploadProgress) => {
      this.#upload = { uploaded, size };
      this.#progress.update('uploaded', millions(uploaded), millions(size), ' MB');
      // One after the other, so that the newest stays.
      stored = stored.then(async () => {
        if (mayStore) await uploads.write(key, { ...state, bytesDigest }).catch(warn);
      });
    };
    const warn = (error: Error) => {
      mayStore = false;
      this.#progress.note(`If the upload breaks off, it begins anew: ${error.message}.`);
    };
    const resume = known?.bytesDigest === bytesDigest ? known : undefined;
    const content = await openAsBlob(path);
    const file = { format: 'ndjson', compression: 'gzip', size, content } as const;
    try {
      const submitted = await this.#client.submitFile(procedure, file, {
        ...options,
        ...definedOf({ resume: resume && { jobId: resume.jobId, etags: resume.etags } }),
        idempotencyKey: key,
        onProgress,
      });
      await stored;
      await uploads.remove(key);
      return submitted;
    } catch (error) {
      await stored;
      // What it names as stored is not.
      if ((error as Partial<ApiError>).codes?.includes('INVALID_UPLOAD')) await uploads.remove(key);
      throw error;
    }
  }

  async #follow(job: Job): Promise<Job> {
    const { everySeconds } = this.#options;
    const show = showReading(this.#progress, this.#input.total);
    for await (const latest of this.#client.watch(job.id, { everySeconds })) {
      this.#job = latest;
      show(latest);
    }
    return this.#job ?? job;
  }

  /** The counts of a job do not tell what it created. */
  async #countCreated({ id, counts }: Job): Promise<void> {
    if (this.#options.job.onMissing === undefined) return;
    this.#created = counts.SUCCESS === 0 ? 0 : await this.#client.countEntries(id, { outcome: 'CREATED' });
  }

  async #findUndone({ id }: Job): Promise<void> {
    const undone = await undoneJob(this.#client, id);
    if (undone !== undefined) this.#undone = [undone];
  }

  async #writeFailed(job: Job): Promise<FailedFile | undefined> {
    const { INVALID, ERROR, CANCELLED } = job.counts;
    if (!isOver(job) || INVALID + ERROR + CANCELLED === 0) return undefined;
    const failures = failuresOfJob(this.#client, job.id, this.#input.total);
    return writeFailed(this.#options.failedPath, this.#input, failures);
  }

  /** Rows that the API has not read yet are not applied yet. */
  #counts(): Report['counts'] {
    if (this.#job === undefined) return noCounts();
    const { INVALID, SUCCESS, ERROR, CANCELLED } = this.#job.counts;
    const NOT_STARTED = Math.max(this.#input.total - INVALID - SUCCESS - ERROR - CANCELLED, 0);
    return { INVALID, SUCCESS, ERROR, CANCELLED, NOT_STARTED };
  }

  #aborted(): AbortedJob | undefined {
    const { id = '', completionStatus: status, statusMessage } = this.#job ?? {};
    if (status !== 'ABORTED' && status !== 'FAILED') return undefined;
    return { id, status, message: statusMessage ?? '' };
  }
}

function isOver({ completionStatus }: Job): boolean {
  return completionStatus !== 'AWAITING_UPLOAD' && completionStatus !== 'IN_PROGRESS';
}

function millions(bytes: number): number {
  return Math.ceil(bytes / 1_000_000);
}

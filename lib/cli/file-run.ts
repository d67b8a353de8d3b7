import { MAX_REFUSAL_ERRORS, MAX_REQUEST_BYTES } from '../../lambdas/contract/limits.ts';
import { contradiction } from '../client/api-error.ts';
import { type Batch, batchesOf, DRY_RUN_ITEMS } from '../client/batches.ts';
import type { Creates } from '../client/creates.ts';
import { FAILED_STATUSES, type Failure, failuresAmong, isEntryOf } from '../client/failures.ts';
import type {
  Accepted,
  BulkUpdateClient,
  Entry,
  EntryCounts,
  PlannedCounts,
  Safeguards,
} from '../client/index.ts';
import { sendBatch } from '../client/send-batch.ts';
import { type Tried, tryBatch } from '../client/try-batch.ts';
import { checkCounts, miscount, noCounts, sum, tally } from './counts.ts';
import { type FailedFile, writeFailed } from './failed-file.ts';
import type { Input } from './input.ts';
import type { Progress } from './progress.ts';
import { type UndoneJob, undoneJob } from './undone-job.ts';

export interface FileRunOptions {
  /** Short id. */
  procedure: string;
  /** What to call the jobs. */
  name?: string | undefined;
  /** Name of the file, unless it is the standard input. */
  file?: string | undefined;
  itemsPerRequest: number;
  /** Reports what would happen to the items, and changes nothing. */
  dryRun: boolean;
  /** Sends nothing if any item of the file is invalid. */
  rejectInvalid?: boolean | undefined;
  /** Makes a plan of each request, which is not applied before it is approved. */
  plan?: boolean | undefined;
  /** Whether items may create their process. */
  creates?: Creates | undefined;
  /** Waits until the jobs have ended. */
  watch: boolean;
  /** Of each request. With them the next request waits until the job of the one before has ended, and is not aborted. */
  safeguards?: Safeguards | undefined;
  /** Maximum number of seconds between two reports of a job. */
  everySeconds: number;
  /** Changes the idempotency keys, so that the same file is sent again. */
  salt?: string | undefined;
  /** Path of the failed rows. Default: the next free name. */
  failedPath?: string | undefined;
}

/** The results of a file, as far as they are known. */
export interface Report {
  total: number;
  /** Items that the API accepted. */
  sent: number;
  /** Those of them that it had accepted in an earlier run. */
  sentBefore: number;
  jobs: string[];
  counts: EntryCounts;
  /** What the plans sum up to. Undefined if the items are not planned. */
  planned: PlannedCounts | undefined;
  /** How many of the applied items created their process, or would. Undefined if that is not known, or none may. */
  created?: number | undefined;
  /** The jobs of an earlier run that were undone since. */
  undone?: readonly UndoneJob[] | undefined;
  /** The job that its canary or threshold stopped: no further request was sent. */
  aborted: AbortedJob | undefined;
  /** How much of the file is uploaded. Undefined unless it becomes a file job. */
  upload?: { uploaded: number; size: number } | undefined;
  failed: FailedFile | undefined;
  /** The invalid items for which nothing was sent, as far as their errors are listed. */
  refused?: readonly InvalidRow[];
}

/** An invalid item. */
export interface InvalidRow {
  /** Its line in the file, or its number. */
  line: number;
  errors: Entry['errors'];
}

export interface AbortedJob {
  id: string;
  /** `FAILED` for a file that could not be read to its end. */
  status: 'ABORTED' | 'FAILED';
  message: string;
}

interface SentJob {
  id: string;
  start: number;
  count: number;
  counts: EntryCounts;
  /** Whether an earlier run sent it. */
  isReplay: boolean;
}

/** Sends a file in requests, one after the other to keep its order, and follows their jobs. */
export class FileRun {
  readonly #client: BulkUpdateClient;
  readonly #input: Input;
  readonly #options: FileRunOptions;
  readonly #progress: Progress;
  readonly #jobs: SentJob[] = [];
  /** The sum of all jobs. */
  #counts = noCounts();
  readonly #ids = new Set<string>();
  #sent = 0;
  #sentBefore = 0;
  #aborted: AbortedJob | undefined;
  #planned: PlannedCounts | undefined;
  #created: number | undefined;
  #undone: UndoneJob[] | undefined;

  constructor(client: BulkUpdateClient, input: Input, options: FileRunOptions, progress: Progress) {
    this.#client = client;
    this.#input = input;
    this.#options = options;
    this.#progress = progress;
  }

  /** @throws ApiError when a request is refused or fails at every attempt; `report` then returns what was accepted */
  async run(): Promise<Report> {
    if (this.#options.dryRun) return this.#try();
    if (this.#options.rejectInvalid === true) {
      const report = await this.#check();
      if (report.counts.INVALID > 0) return report;
    }
    await this.#send();
    if (this.#options.watch) {
      await this.#followAll();
      await this.#countCreated();
    }
    await this.#findUndone();
    return this.report(await this.#writeFailed(this.#failures()));
  }

  report(failed?: FailedFile): Report {
    return {
      total: this.#input.total,
      sent: this.#sent,
      sentBefore: this.#sentBefore,
      jobs: this.#jobs.map(({ id }) => id),
      counts: this.#counts,
      planned: this.#planned,
      created: this.#created,
      undone: this.#undone,
      aborted: this.#aborted,
      failed,
    };
  }

  async #send(): Promise<void> {
    const { procedure, itemsPerRequest, name, file, salt, rejectInvalid, plan, safeguards, creates } =
      this.#options;
    const { isOfFailed, hasLines, total: all } = this.#input;
    this.#progress.update('sent', 0, this.#input.total);
    for await (const batch of this.#batches(itemsPerRequest)) {
      const mayRepeat = isOfFailed || batch.count === all;
      const options = { name, file, hasLines, safeguards, salt, mayRepeat, rejectInvalid, plan, creates };
      const accepted = await sendBatch(this.#client, procedure, batch, options);
      const { job, total, invalid, isReplay } = accepted;
      const { start, count } = batch;
      if (total !== count || invalid > count) throw miscount(total, count);
      if (this.#ids.size === this.#ids.add(job.id).size)
        throw contradiction(202, 'returned the same job twice');
      const counts = countsOf(total, invalid);
      const sent = { id: job.id, start, count, counts, isReplay };
      this.#jobs.push(sent);
      this.#counts = sum([this.#counts, counts]);
      this.#sent += count;
      if (isReplay) this.#sentBefore += batch.count;
      this.#progress.update('sent', this.#sent, this.#input.total);
      if (plan === true) this.#plan(accepted);
      else if (safeguards !== undefined && this.#sent < all) await this.#follow(sent);
      if (this.#aborted !== undefined) return;
    }
  }

  #plan({ plannedCounts, total }: Accepted): void {
    if (plannedCounts === undefined) throw contradiction(202, 'accepted the items and planned nothing');
    checkCounts({ ...noCounts(), ...plannedCounts }, total);
    const before = this.#planned ?? { INVALID: 0, SUCCESS: 0, ERROR: 0 };
    this.#planned = {
      INVALID: before.INVALID + plannedCounts.INVALID,
      SUCCESS: before.SUCCESS + plannedCounts.SUCCESS,
      ERROR: before.ERROR + plannedCounts.ERROR,
    };
  }

  async #followAll(): Promise<void> {
    for (const job of this.#jobs) await this.#follow(job);
  }

  /** The counts of a job do not tell what it created. */
  async #countCreated(): Promise<void> {
    if (this.#options.creates === undefined) return;
    for (const { id, counts } of this.#jobs) {
      this.#count([]);
      if (counts.SUCCESS === 0) continue;
      for await (const entry of this.#client.entries(id, { outcome: 'CREATED' })) this.#count([entry]);
    }
  }

  /** Counts the entries that created their process, or would, where the run may create. */
  #count(entries: readonly Entry[]): void {
    if (this.#options.creates === undefined) return;
    const created = entries.filter((entry) => entry?.outcome === 'CREATED');
    this.#created = (this.#created ?? 0) + created.length;
  }

  async #findUndone(): Promise<void> {
    for (const { id, isReplay } of this.#jobs) {
      const undone = isReplay ? await undoneJob(this.#client, id) : undefined;
      if (undone !== undefined) this.#undone = [...(this.#undone ?? []), undone];
    }
  }

  async #follow(job: SentJob): Promise<void> {
    const { everySeconds } = this.#options;
    for await (const { counts, completionStatus, statusMessage } of this.#client.watch(job.id, {
      everySeconds,
    })) {
      checkCounts(counts, job.count);
      this.#counts = sum([this.#counts, counts], job.counts);
      job.counts = counts;
      const done = this.#sent - this.#counts.NOT_STARTED;
      this.#progress.update('processed', done, this.#input.total);
      if (completionStatus === 'ABORTED')
        this.#aborted = { id: job.id, status: completionStatus, message: statusMessage ?? '' };
    }
  }

  async *#failures(): AsyncGenerator<Failure, void, void> {
    for (const job of this.#jobs) {
      const entries = new Map<number, Entry>();
      const listed = this.#planned === undefined ? this.#failedEntries(job) : this.#plannedEntries(job);
      for await (const entry of listed) collect(entries, entry, job.count);
      yield* failuresAmong([...entries.values()], job.start);
    }
  }

  async *#failedEntries({ id, counts }: SentJob): AsyncGenerator<Entry, void, void> {
    for (const completionStatus of FAILED_STATUSES) {
      if (counts[completionStatus] > 0) yield* this.#client.entries(id, { completionStatus });
    }
  }

  /** Yields the entries of a plan as they would end. */
  async *#plannedEntries({ id }: SentJob): AsyncGenerator<Entry, void, void> {
    for await (const entry of this.#client.entries(id)) {
      const planned = { ...entry, ...entry?.plan };
      this.#count([planned]);
      yield planned;
    }
  }

  async #try(): Promise<Report> {
    const counts: EntryCounts[] = [];
    const failed = await this.#writeFailed(this.#triedFailures(counts));
    return { ...this.report(failed), counts: sum(counts) };
  }

  /** Checks the whole file before anything is sent: the API refuses each of its requests by itself. */
  async #check(): Promise<Report> {
    const counts: EntryCounts[] = [];
    const refused: InvalidRow[] = [];
    let listed = 0;
    for await (const { batch, entries } of this.#triedEntries(counts)) {
      for (const { index, completionStatus, errors } of entries) {
        if (completionStatus !== 'INVALID' || listed >= MAX_REFUSAL_ERRORS) continue;
        const shown = errors.slice(0, MAX_REFUSAL_ERRORS - listed);
        listed += shown.length;
        refused.push({ line: batch.rows[index]?.line ?? batch.start + index + 1, errors: shown });
      }
    }
    return { ...this.report(), counts: sum(counts), refused };
  }

  async *#triedFailures(counts: EntryCounts[]): AsyncGenerator<Failure, void, void> {
    for await (const { batch, entries } of this.#triedEntries(counts)) {
      this.#count(entries);
      yield* failuresAmong(entries, batch.start);
    }
  }

  /** Yields the entries of dry runs, which it counts. */
  async *#triedEntries(
    counts: EntryCounts[],
  ): AsyncGenerator<{ batch: Batch; entries: Entry[] }, void, void> {
    const { itemsPerRequest } = this.#options;
    let tried = 0;
    for await (const { batch, dryRun: response } of this.#tried(Math.min(itemsPerRequest, DRY_RUN_ITEMS))) {
      const { count } = batch;
      const listed: Entry[] = Array.isArray(response.entries) ? response.entries : [];
      if (listed.length !== count) throw miscount(listed.length, count);
      const entries = new Map<number, Entry>();
      for (const entry of listed) collect(entries, entry, count);
      checkCounts(response.counts, count);
      counts.push(tally(listed));
      tried += count;
      this.#progress.update('checked', tried, this.#input.total);
      yield { batch, entries: listed };
    }
  }

  async *#tried(items: number): AsyncGenerator<Tried, void, void> {
    for await (const batch of this.#batches(items)) {
      const { procedure, creates } = this.#options;
      yield* tryBatch(this.#client, procedure, batch, creates);
    }
  }

  #batches(items: number): AsyncGenerator<Batch, void, void> {
    return batchesOf(this.#input.rows(), { items, bytes: MAX_REQUEST_BYTES });
  }

  #writeFailed(failures: AsyncIterable<Failure>): Promise<FailedFile | undefined> {
    return writeFailed(this.#options.failedPath, this.#input, failures);
  }
}

/** Returns the counts of a job that was just accepted. */
function countsOf(total: number, invalid: number): EntryCounts {
  return { ...noCounts(), INVALID: invalid, NOT_STARTED: total - invalid };
}

/** Collects an entry of a request. @param count - of its items */
function collect(entries: Map<number, Entry>, entry: Entry, count: number): void {
  if (!isEntryOf(entry, count) || entries.has(entry.index)) {
    throw contradiction(200, 'listed entries that the request does not have');
  }
  entries.set(entry.index, entry);
}

import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { redrive } from '../../../lib/operations/redrive.ts';
import {
  type Acknowledged,
  type Evidence,
  resultsIn,
  type SeenEntry,
  type SeenJob,
  type SeenResult,
  type SeenWrite,
  seenJob,
  withOrdersOfParents,
  withUndone,
} from './evidence.ts';
import type { Item } from './expressions.ts';
import { fakeQueueClient } from './fake-queues.ts';
import type { FakeTables } from './fake-tables.ts';
import { fileViolations, type SeenFile } from './file-invariants.ts';
import type { FileClientPlan, FileRequestPlan, FilesPlan, PatchPlan } from './file-plan.ts';
import { fileOf, fullItem, otherFile, type SentFile } from './file-workload.ts';
import { type ApiResponse, Pipeline } from './pipeline.ts';
import type { Safeguards, Team } from './plan.ts';
import { Connection, NO_FAULTS } from './service.ts';
import { takeOverGunzip } from './sync-gunzip.ts';
import { initialProcesses, itemOf, PROCEDURES } from './workload.ts';
import { World } from './world.ts';

/** A schedule that needs more has come to no rest. */
const MAX_EVENTS = 600_000;
const MAX_TRIES = 12;
const RETRY_PAUSE_MS = 10_000;
/** A job is looked at so often while it goes on. */
const LOOKS = 6;
/** As many file jobs of a team are in progress at most. */
const MAX_FILE_JOBS = 5;
/** All chunks of the largest file, and all results of a chunk. */
export const FILE_JOBS_PAGE_SIZE = 40;
/** A result is recorded so long after its write at most, where nothing stands still for longer. */
const OVERTAKING_MS = 30_000;
/** Clocks differ by so much at most. */
const SKEW_MS = 2_000;

const TERMINAL = ['INVALID', 'SUCCESS', 'ERROR', 'CANCELLED'] as const;

/**
 * Runs one schedule with file jobs to its end.
 * @param onPerformed - told of every request to the tables
 * @returns what was not as guaranteed, nothing when all was
 */
export async function simulateFiles(
  plan: FilesPlan,
  onPerformed?: FakeTables['onPerformed'],
): Promise<string[]> {
  return new FileSimulation(plan, onPerformed).run();
}

class FileSimulation {
  readonly #plan: FilesPlan;
  readonly #world: World;
  readonly #pipeline: Pipeline;
  readonly #violations: string[] = [];
  readonly #acknowledged: Acknowledged[] = [];
  readonly #initial = initialProcesses();
  readonly #writes: SeenWrite[] = [];
  /** The files of requests and their safeguards, by the names of their jobs. */
  readonly #files = new Map<string, SentFile>();
  readonly #safeguards = new Map<string, Safeguards>();
  readonly #results: SeenResult[] = [];
  readonly #cancelledBy = new Map<string, number>();
  readonly #cancelAsked = new Set<string>();
  readonly #retryAsked = new Set<string>();
  /** Of each job in progress, when it was begun that its first chunk got. */
  readonly #inProgress = new Map<string, Set<string>>();
  #requests = 0;
  #items = 0;

  constructor(plan: FilesPlan, onPerformed: FakeTables['onPerformed'] | undefined) {
    takeOverGunzip();
    const { seed, faults, brokenOff, stepLimitMs } = plan;
    this.#plan = plan;
    this.#world = new World(seed, true);
    this.#pipeline = new Pipeline(this.#world, faults, undefined, {
      stepLimitMs,
      jobsPageSize: FILE_JOBS_PAGE_SIZE,
      faults: { brokenOff },
    });
    const { tables } = this.#pipeline;
    if (onPerformed !== undefined) tables.onPerformed = onPerformed;
    for (const procedure of PROCEDURES) tables.insert('procedures', { ...procedure }, 'before');
    for (const process of this.#initial) tables.insert('processes', { ...process }, 'before');
    tables.onWritten = (table, before, after) => {
      if (after === undefined) return;
      if (table === 'jobs') this.#lookAtJob(before, after);
      if (table !== 'processes') return;
      this.#writes.push({ at: this.#world.now, process: String(after.id), before: before ?? {}, after });
    };
  }

  async run(): Promise<string[]> {
    for (const [number, client] of this.#plan.clients.entries()) void this.#client(number, client);
    await this.#world.run(MAX_EVENTS);
    await this.#check(false);

    this.#pipeline.calmDown();
    const lettersIn = this.#pipeline.queues.nextIn('deadLetters');
    if (lettersIn !== undefined) {
      this.#world.after(lettersIn, () => void this.#redrive());
      await this.#world.run(MAX_EVENTS);
      await this.#check(true);
    }
    await this.#deliverAllAgain();
    return this.#violations;
  }

  #say(text: string): void {
    this.#violations.push(text);
  }

  /** Of what is written about jobs: the results of entries, and how many file jobs of a team are in progress. */
  #lookAtJob(before: Item | undefined, after: Item): void {
    const { now } = this.#world;
    for (const result of resultsIn(after, now)) {
      const [jobId = '', row = 0] = result.jobId.split('/');
      this.#results.push({ ...result, jobId, index: Number(row) + result.index });
    }
    if (after.part === 'header#file') this.#lookAtProgress(before, after);
    if (after.part !== 'header') return;
    const [known, accepted] = [before, after].map((item) => (item?.fileJob as Item | undefined)?.accepted);
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(accepted))
      this.#say(`${after.jobId} was accepted twice, at ${JSON.stringify([known, accepted])}`);
    const { partOf, fileJob, team } = after;
    const ids = this.#inProgress.get(String(team)) ?? new Set();
    this.#inProgress.set(String(team), ids);
    if (fileJob !== undefined && after.end !== undefined) ids.delete(String(after.jobId));
    if (partOf === undefined || before !== undefined) return;
    const { id } = partOf as { id: string };
    const parent = this.#header(id);
    if (parent?.end === undefined) ids.add(id);
    if (ids.size > MAX_FILE_JOBS) this.#say(`${[...ids]} are in progress at ${now}`);
    const cancelledBy = this.#cancelledBy.get(id);
    if (cancelledBy === undefined || now < cancelledBy + this.#plan.stepLimitMs + SKEW_MS) return;
    this.#say(`${after.jobId} was begun at ${now}, and its job was cancelled by ${cancelledBy}`);
  }

  /** Whoever reads it in between sees no row less, and no row that has had its job is without one again. */
  #lookAtProgress(before: Item | undefined, after: Item): void {
    const rowOf = (item: Item) => (item.position as { row: number }).row;
    if (before === undefined) return;
    if (rowOf(after) < rowOf(before))
      this.#say(`${after.jobId} went back from ${rowOf(before)} rows to ${rowOf(after)}`);
    if (Number(after.released) < Number(before.released))
      this.#say(`${after.jobId} went back from ${before.released} rows with a job to ${after.released}`);
  }

  #header(id: string): Item | undefined {
    return this.#pipeline.tables.items('jobs').find(({ jobId, part }) => jobId === id && part === 'header');
  }

  async #client(number: number, { team, requests }: FileClientPlan): Promise<void> {
    for (const plan of requests) {
      const request = ++this.#requests;
      await this.#world.pause(plan.pauseMs);
      const jobId =
        plan.kind === 'patch'
          ? await this.#patch(number, team, plan, request)
          : await this.#file(number, team, plan, request);
      if (jobId === undefined) continue;
      void this.#watch(team, jobId);
    }
  }

  async #patch(
    client: number,
    team: Team,
    { items }: PatchPlan,
    request: number,
  ): Promise<string | undefined> {
    const sent = items.map((item) =>
      itemOf(fullItem(item, false), team, request, ++this.#items, () => undefined),
    );
    const answer = await this.#pipeline.patch(team, sent, undefined);
    if (answer?.status !== 202) return undefined;
    const jobId = String(answer.body._data.id);
    this.#acknowledged.push({ client, jobId, queued: answer.body._meta.queued });
    return jobId;
  }

  /** @returns undefined when the upload was not completed, as far as its client knows */
  async #file(
    client: number,
    team: Team,
    plan: FileRequestPlan,
    request: number,
  ): Promise<string | undefined> {
    const file = fileOf(plan, team, request, () => ++this.#items);
    const name = `request-${request}`;
    const { canary, abortOn } = plan;
    const safeguards = { ...(canary && { canary }), ...(abortOn && { abortOn }) };
    this.#files.set(name, file);
    this.#safeguards.set(name, safeguards);
    const options = { name, ...safeguards, ...(plan.creates && { onMissing: 'create' }) };
    const begun = await this.#tried(plan.isKeyed ? MAX_TRIES : 1, [201], [409, 500, 503], () =>
      this.#pipeline.beginFile(team, { ...file.frame, options }, plan.isKeyed ? `key-${request}` : undefined),
    );
    if (begun === undefined) return undefined;
    const jobId = String(begun.body._data.id);
    if (plan.cancels?.from === 'begun') void this.#cancel(team, jobId, plan.cancels.afterMs);
    if (plan.completes === 0) return undefined;
    const etag = await this.#upload(team, jobId, begun, file.bytes);
    if (etag === undefined) return undefined;
    const parts = [{ partNumber: 1, etag }];
    const complete = () =>
      this.#tried(MAX_TRIES, [202], [409, 500], () => this.#pipeline.completeUpload(team, jobId, parts));
    const [completed, again] = await Promise.all([complete(), plan.completes === 2 ? complete() : undefined]);
    if (completed === undefined && again === undefined) {
      if (!this.#cancelAsked.has(jobId) && this.#header(jobId)?.stopped !== undefined)
        this.#say(`${jobId} was not accepted`);
      return undefined;
    }
    this.#acknowledged.push({ client, jobId, queued: 0 });
    if (plan.replaced !== undefined) this.#replace(jobId, file, plan.replaced);
    if (plan.cancels?.from === 'completed') void this.#cancel(team, jobId, plan.cancels.afterMs);
    void this.#undo(team, jobId, plan.undoes);
    if (plan.isRetried) void this.#retry(team, jobId);
    return jobId;
  }

  /** Asks until the answer is one that is expected. @returns undefined when the client gave up */
  async #tried(
    times: number,
    expected: number[],
    passing: number[],
    ask: () => Promise<ApiResponse | undefined>,
  ): Promise<ApiResponse | undefined> {
    for (let tries = 0; tries < times; tries++) {
      const answer = await ask();
      if (answer !== undefined && expected.includes(answer.status)) return answer;
      if (answer !== undefined && !passing.includes(answer.status))
        this.#say(`A request was answered with ${answer.status} ${answer.text}`);
      if (answer?.text.includes('JOB_NOT_AWAITING_UPLOAD')) return undefined;
      await this.#world.pause(RETRY_PAUSE_MS);
    }
    return undefined;
  }

  /** @returns the ETag of the part, or undefined when there is no upload any more */
  async #upload(
    team: Team,
    jobId: string,
    begun: ApiResponse,
    bytes: Uint8Array,
  ): Promise<string | undefined> {
    let upload = begun.body._data.upload as { parts: { url: string }[] } | undefined;
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const url = upload?.parts[0]?.url;
      const answer =
        url === undefined ? undefined : await this.#pipeline.putPart(url, bytes).catch(() => undefined);
      if (answer?.status === 200) return answer.etag;
      const signed = await this.#pipeline.uploadOf(team, jobId);
      if (signed?.status === 409) return undefined;
      if (signed?.status === 200) upload = signed.body._data.upload as typeof upload;
      await this.#world.pause(1_000);
    }
    return undefined;
  }

  /** Another file is in the place of the job's for a while. */
  #replace(jobId: string, { bytes }: SentFile, { afterMs, forMs }: { afterMs: number; forMs: number }): void {
    const { files } = this.#pipeline;
    const key = `uploads/${jobId}`;
    this.#world.after(afterMs, () => files.put(key, otherFile(bytes)));
    this.#world.after(afterMs + forMs, () => files.put(key, bytes));
  }

  async #cancel(team: Team, jobId: string, pauses: readonly number[]): Promise<void> {
    for (const ms of pauses) {
      await this.#world.pause(ms);
      this.#cancelAsked.add(jobId);
      const answer = await this.#pipeline.cancel(team, jobId);
      if (answer?.status === 200 && !this.#cancelledBy.has(jobId))
        this.#cancelledBy.set(jobId, this.#world.now);
      if (answer !== undefined && ![200, 409, 500].includes(answer.status))
        this.#say(`A cancel was answered with ${answer.status} ${answer.text}`);
    }
  }

  /** Sends the entries again that may succeed now, when the job has ended. */
  async #retry(team: Team, jobId: string): Promise<void> {
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      await this.#world.pause(RETRY_PAUSE_MS);
      this.#retryAsked.add(jobId);
      const answer = await this.#pipeline.retry(team, jobId);
      if (answer?.status === 202) void this.#watch(team, String(answer.body._data.id));
      if (answer?.status === 202 || answer?.text.includes('NOTHING_TO_RETRY')) return;
    }
  }

  /** Undoes a job, or its undo, when each has ended. */
  async #undo(team: Team, jobId: string, plans: FileRequestPlan['undoes']): Promise<void> {
    let undo: string | undefined;
    for (const { afterMs, of } of plans) {
      await this.#world.pause(afterMs);
      const undone = of === 'undo' ? (undo ?? jobId) : jobId;
      for (let tries = 0; tries < MAX_TRIES; tries++) {
        const [answer, other] = await Promise.all([
          this.#pipeline.undo(team, undone),
          this.#pipeline.undo(team, undone),
        ]);
        const ids = [answer, other].flatMap((each) => (each?.status === 202 ? [each.body._data.id] : []));
        if (new Set(ids).size > 1) this.#say(`${ids} both undo ${undone}`);
        if (answer?.status === 202) {
          undo = String(answer.body._data.id);
          void this.#watch(team, undo);
        }
        if (answer?.status === 202 || answer?.text.includes('NOTHING_TO_UNDO')) break;
        if (answer !== undefined && ![409, 500].includes(answer.status))
          this.#say(`An undo was answered with ${answer.status} ${answer.text}`);
        await this.#world.pause(RETRY_PAUSE_MS);
      }
    }
  }

  /** Looks at a job now and then: counts add up, and no end is taken back. */
  async #watch(team: Team, jobId: string): Promise<void> {
    let seen: Record<string, number> = {};
    let totalBefore = 0;
    for (let look = 0; look < LOOKS; look++) {
      await this.#world.pause(this.#world.number(100 * 6 ** look));
      const answer = await this.#pipeline.readJob(team, jobId);
      if (answer?.status !== 200) continue;
      const { bjEntryCompletionStatusVsCount: counts, total } = answer.body._meta as unknown as {
        bjEntryCompletionStatusVsCount: Record<string, number>;
        total: number;
      };
      const sum = Object.values(counts).reduce((a, b) => a + b, 0);
      if (sum !== total) this.#say(`${jobId}: counts add up to ${sum}, not to ${total}`);
      if (total < totalBefore) this.#say(`${jobId}: its total went back from ${totalBefore} to ${total}`);
      if (Object.values(counts).some((count) => count < 0)) this.#say(`${jobId}: ${JSON.stringify(counts)}`);
      for (const status of TERMINAL) {
        // A retry applies the update of the first entry, in whose place it is: a copy that comes late finds it applied.
        if (status === 'ERROR' && this.#retryAsked.has(jobId)) continue;
        const [before = 0, after = 0] = [seen[status], counts[status]];
        if (after < before) this.#say(`${jobId}: ${status} went back from ${before} to ${after}`);
      }
      seen = counts;
      totalBefore = total;
    }
  }

  async #check(isRedriven: boolean): Promise<void> {
    const seeing = this.#see();
    // Its own errors come when the world is at rest.
    seeing.catch(() => {});
    await this.#world.run(MAX_EVENTS);
    const { evidence, files } = await seeing;
    this.#violations.push(...fileViolations(this.#plan, evidence, files, isRedriven));
    this.#checkEvents();
    await this.#checkLists();
    this.#checkUploads();
  }

  async #see(): Promise<{ evidence: Evidence; files: SeenFile[] }> {
    const items = this.#pipeline.tables.items('jobs');
    const headers = items.filter(({ part }) => part === 'header');
    const parts = headers.filter(({ partOf }) => partOf !== undefined);
    const seen = await Promise.all(
      headers.filter(({ partOf }) => partOf === undefined).map((header) => this.#seen(header, parts)),
    );
    const files = seen.flatMap(({ file }) => file ?? []);
    const jobs = withUndone(withOrdersOfParents(seen.map(({ job }) => job)));
    for (const { job, sent, isFirst, hadJob } of files) {
      const end = isFirst ? brokenFrom(job, sent) : Number.POSITIVE_INFINITY;
      job.entries = job.entries.filter(({ index }) => index < end && hadJob.has(index));
    }
    const evidence: Evidence = {
      jobs,
      processes: this.#pipeline.tables.items('processes').map((process) => withOrders(process, parts, jobs)),
      initial: this.#initial,
      writes: this.#writes,
      results: this.#results,
      acknowledged: this.#acknowledged,
      sent: [],
      cancelledBy: this.#cancelledBy,
      cancelAsked: this.#cancelAsked,
      expired: new Set((this.#pipeline.queues.expired.get('updates') ?? []).map(nameOf)),
      announced: new Set(this.#pipeline.events.map(({ id }) => id)),
      notes: new Map(),
      newest: [],
      isApart: (one, other) =>
        isOfOneFile(one, other) && (hasOvertaken(one, other, this.#results) || stays(other, one, jobs)),
    };
    return { evidence, files };
  }

  async #seen(stored: Item, parts: readonly Item[]): Promise<{ job: SeenJob; file?: SeenFile }> {
    const [team, id] = [String(stored.team), String(stored.jobId)];
    const { accepted } = (stored.fileJob ?? {}) as { accepted?: { sequence: number } };
    // A file is accepted when it is uploaded.
    const header: Item = { ...stored, sequence: accepted?.sequence ?? stored.sequence };
    const body = await this.#pipeline.seenJob(team, id);
    const lines = await this.#pipeline.seenEntries(team, id);
    const isFirst = stored.parent === undefined && stored.undoes === undefined;
    const sent = this.#files.get(String(stored.name));
    const kind = sent?.creates === true && stored.undoes === undefined ? 'upsert' : 'update';
    const job = seenJob(header, body, lines, {}, kind);
    const { status } = job;
    for (const { item } of job.entries) {
      const data = item.data as Item | undefined;
      // A CSV has texts alone.
      if (data?.score !== undefined) data.score = Number(data.score);
    }
    // A file that is wrong is told first; what was stopped before that is cancelled as in any other job.
    const { why } = (header.stopped ?? {}) as { why?: string };
    if (status === 'FAILED' && why !== undefined) job.status = why === 'threshold' ? 'ABORTED' : 'CANCELLED';
    if (stored.fileJob === undefined) return { job };
    if (sent === undefined) throw new Error(`${id} is of no request`);
    const ours = parts.filter(({ partOf }) => (partOf as Item).id === id);
    const hadJob = new Set(
      ours.flatMap(({ partOf, total }) =>
        Array.from({ length: Number(total) }, (_, offset) => Number((partOf as Item).row) + offset),
      ),
    );
    for (const entry of job.entries) {
      // Of what had no job, the file alone tells.
      if (isFirst && !hadJob.has(entry.index)) entry.item = sent.rows[entry.index]?.item ?? {};
    }
    const isEnded = status !== 'AWAITING_UPLOAD' && status !== 'IN_PROGRESS';
    const results = isEnded ? await this.#pipeline.seenResults(team, id) : undefined;
    const safeguards = (isFirst && this.#safeguards.get(String(stored.name))) || {};
    const meta = body._meta as unknown as Item;
    return { job, file: { job, status, meta, safeguards, sent, isFirst, results, hadJob, all: job.entries } };
  }

  /** The end of a job is told once, or oftener where an answer may be lost; that of a chunk never. */
  #checkEvents(): void {
    const { killed, stalled, answerLost, late, duplicated } = this.#plan.faults;
    const isCompletedTwice = this.#plan.clients.some(({ requests }) =>
      requests.some((request) => request.kind === 'file' && request.completes === 2),
    );
    const mayBeTwice = killed + stalled + answerLost + late + duplicated > 0 || isCompletedTwice;
    const { events } = this.#pipeline;
    const all = Map.groupBy(events, ({ id }) => id);
    for (const [id, group] of all) {
      if (id.includes('/')) this.#say(`${id} was announced, and is of a chunk`);
      if (group.length > 1 && !mayBeTwice) this.#say(`${id} was announced ${group.length} times`);
      if (new Set(group.map(({ status }) => status)).size > 1)
        this.#say(`${id} was announced as ${group.map(({ status }) => status)}`);
    }
  }

  /** A team's list has all of its jobs, each once, and none of a chunk. */
  async #checkLists(): Promise<void> {
    for (const { team } of PROCEDURES) {
      const listing = this.#pipeline.listedJobs(team);
      listing.catch(() => {});
      await this.#world.run(MAX_EVENTS);
      const listed = await listing;
      const due = this.#pipeline.tables
        .items('jobs')
        .filter((item) => item.part === 'header' && item.partOf === undefined && item.team === team)
        .map(({ jobId }) => String(jobId));
      if (listed.toSorted().join() !== due.toSorted().join())
        this.#say(`${team} has ${due}, and lists ${listed}`);
    }
  }

  /** Of a job that has ended no parts are left. */
  #checkUploads(): void {
    for (const header of this.#pipeline.tables.items('jobs')) {
      const { uploadId } = (header.fileJob ?? {}) as { uploadId?: string };
      if (header.part !== 'header' || uploadId === undefined) continue;
      if (this.#pipeline.files.uploads.has(uploadId)) this.#say(`The parts of ${header.jobId} are left`);
    }
  }

  /** Whatever was delivered, and is delivered once more, changes nothing. */
  async #deliverAllAgain(): Promise<void> {
    const before = await this.#shown();
    const { sent, expired } = this.#pipeline.queues;
    const dropped = new Set((expired.get('updates') ?? []).map(nameOf));
    for (const queue of ['updates', 'fileSteps']) {
      for (const MessageBody of [...(sent.get(queue) ?? [])]) {
        if (queue === 'updates' && dropped.has(nameOf(MessageBody))) continue;
        this.#pipeline.queues.perform(new SendMessageCommand({ QueueUrl: queue, MessageBody }));
      }
    }
    await this.#world.run(MAX_EVENTS);
    const after = await this.#shown();
    if (before !== after) this.#say(`Delivered again, ${before} became ${after}`);
  }

  /** The processes, and where the jobs stand. */
  async #shown(): Promise<string> {
    const headers = this.#pipeline.tables
      .items('jobs')
      .filter(({ part, fileJob }) => part === 'header' && fileJob);
    const reading = Promise.all(
      headers.map(async ({ team, jobId }) => {
        const { _meta } = await this.#pipeline.seenJob(String(team), String(jobId));
        return [jobId, _meta.bjEntryCompletionStatusVsCount];
      }),
    );
    reading.catch(() => {});
    await this.#world.run(MAX_EVENTS);
    const jobs = await reading;
    const processes = this.#pipeline.tables
      .items('processes')
      .map(({ decided: _decided, ...process }) => process);
    return JSON.stringify({ jobs, processes });
  }

  async #redrive(): Promise<void> {
    const connection = new Connection(this.#world, { isAlive: true }, () => NO_FAULTS);
    await redrive(fakeQueueClient(this.#pipeline.queues, connection), { from: 'deadLetters', to: 'updates' });
    const lettersIn = this.#pipeline.queues.nextIn('deadLetters');
    if (lettersIn !== undefined) this.#world.after(lettersIn, () => void this.#redrive());
  }
}

/** The row from which on the entries of a job are of a file that is wrong, or undefined. */
function brokenFrom({ entries }: SeenJob, { damage, faultRow }: SentFile): number {
  if (damage === undefined) return Number.POSITIVE_INFINITY;
  if (faultRow !== undefined) return faultRow;
  return entries.findLastIndex(({ end }) => end !== 'CANCELLED') + 1;
}

/** A process with the places of rows in the order of acceptance, where it has those of chunks and of entries in them. */
function withOrders(process: Item, parts: readonly Item[], jobs: readonly SeenJob[]): Item {
  const orderOf = (order: unknown): unknown => {
    if (typeof order !== 'number' || order < 0) return order;
    const part = parts.find(
      ({ team, place }) => team === process.team && place === Math.floor(order / 10_000),
    );
    if (part === undefined) return order;
    const { id, row } = part.partOf as { id: string; row: number };
    const job = jobs.find((each) => each.id === id);
    return Number(job?.header.sequence) * 10_000 + row + (order % 10_000);
  };
  const clocks = Object.entries((process.clocks ?? {}) as Item).map(([field, clock]) => [
    field,
    orderOf(clock),
  ]);
  return {
    ...process,
    ...(process.createdOrder !== undefined && { createdOrder: orderOf(process.createdOrder) }),
    ...(process.clocks !== undefined && { clocks: Object.fromEntries(clocks) }),
  };
}

function isOfOneFile(one: SeenEntry, other: SeenEntry): boolean {
  return one !== other && one.job === other.job && one.job.header.fileJob !== undefined;
}

/** Whether something of a row stays though it is undone, be it what a later one than another keeps for a reason of its own. */
function stays(row: SeenEntry, earlier: SeenEntry, jobs: readonly SeenJob[]): boolean {
  const undos = jobs.flatMap(({ entries }) => entries.filter(({ undone }) => undone === row));
  const isLater = row.index > earlier.index;
  return undos.some(
    ({ end, outcome, kept }) =>
      end !== 'SUCCESS' || outcome === 'UNCHANGED' || (isLater && (outcome === 'KEPT' || kept.length > 0)),
  );
}

/**
 * Whether a row was applied before an earlier one of the same file: the chunks of a file are undone from the last to the
 * first, and an undo keeps what came after.
 */
function hasOvertaken(one: SeenEntry, other: SeenEntry, results: readonly SeenResult[]): boolean {
  const atOf = ({ job, index }: SeenEntry) =>
    results.filter((result) => result.jobId === job.id && result.index === index).map(({ at }) => at);
  return other.index < one.index && Math.max(...atOf(other)) > Math.min(...atOf(one)) - OVERTAKING_MS;
}

/** Of a message the entry, as `job/index` of the job that clients know. */
function nameOf(body: string): string {
  const { jobId, index } = JSON.parse(body) as { jobId: string; index: number };
  const [id, row = 0] = jobId.split('/');
  return `${id}/${Number(row) + index}`;
}

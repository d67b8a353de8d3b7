import { definedOf } from '../contract/defined-of.ts';
import type { Procedure } from '../contract/procedure.ts';
import { acceptChunk, type ChunkCanary, type ChunkPorts, type UploadedJob } from './accept-chunk.ts';
import { type AgainJob, acceptAgain, linesOfAgain } from './again-file.ts';
import { COUNTED, type FileProgress, type FileState, partId, type StoredChunk } from './file-job.ts';
import { endOfFile } from './file-progress.ts';
import { GIVEN_UP, reportGivenUp, reportOf, resultsOfPart, rowsOf, storeResults } from './file-results.ts';
import { publishEnd } from './finalize-job.ts';
import { COUNT_AGAIN_MS, type JobEnd, RECONCILE_MS, type StoredJob } from './job.ts';
import type { Announcements, Events, FileJobs, Files, JobState } from './ports.ts';
import { progressOfState } from './progress.ts';
import { releasedTo } from './release.ts';

export interface ApplyFilePorts extends ChunkPorts {
  announcements: Announcements;
  fileJobs: FileJobs;
  files: Files;
  procedure: Procedure;
  events: Events;
  /** How many chunks of a file have a job at a time. */
  chunksInFlight: number;
  /** Called before each chunk; applying ends where it says so, and goes on in another invocation. */
  mayGoOn: () => Promise<boolean>;
  /** Told of the end of a job when it is published. */
  onEnd: (job: StoredJob, end: JobEnd) => void;
}

/** Until the next look: the chunks in flight keep the functions busy for longer. */
const PAUSE_SECONDS = 1;
/** From one threshold to the next look at it, unless the request says otherwise. */
const FIRST_LOOK = 100;
/** How many chunks are read at a time. */
const PAGE = 100;

/**
 * Does what is due of a job whose file is uploaded: reports the chunks whose jobs have ended, stops what is to be stopped,
 * makes jobs of the next chunks while there is room, and ends the job when all is reported.
 *
 * @returns after how many seconds to try again, or undefined when nothing is left to do
 */
export async function applyFile(
  state: JobState & { job: UploadedJob; file: FileState },
  ports: ApplyFilePorts,
): Promise<number | undefined> {
  const { job, file } = state;
  const { jobs, mayGoOn } = ports;
  if (job.announcedAt !== undefined) return countAgain(state, job.announcedAt + COUNT_AGAIN_MS, ports);
  // A canary that has failed is noted before its chunk is reported: from then on nothing else tells of it.
  if (job.stopped === undefined) await lookAtThreshold(job, file, ports);
  for (const { id } of file.open.filter(({ end: ended }) => ended !== undefined)) {
    if (!(await mayGoOn())) return PAUSE_SECONDS;
    const part = await jobs.readWhole(id);
    if (part !== undefined) await reportPart(job, file.progress, part, ports);
  }
  const latest = await jobs.read(job.id);
  if (latest?.file === undefined) return undefined;
  const { progress, open } = latest.file;
  // By what the threshold was looked at, the next chunks are released: what it does not know comes after.
  const stopped = latest.job.stopped ?? (await lookAtThreshold(latest.job, latest.file, ports));
  const known = definedOf({ ...job, ...latest.job, stopped }) as UploadedJob;
  if (stopped !== undefined) await stopParts(progress, known, open, ports);
  const { inFlight, released } = await advance(known, progress, open, ports);
  // From here on the jobs of the chunks tell which processes may still come.
  if (job.creates !== undefined && progress.isTotalFinal && released === progress.position.row)
    await ports.announcements.withdraw({ team: job.team, procedure: job.procedure, jobId: job.id });
  return inFlight > 0 ? PAUSE_SECONDS : endFile(job.id, ports);
}

/** Stores the results of a chunk whose job has ended, and reports it. */
export async function reportPart(
  job: UploadedJob,
  progress: FileProgress,
  part: JobState,
  ports: ApplyFilePorts,
): Promise<void> {
  const { fileJobs } = ports;
  const [chunk] = await fileJobs.chunksFrom(job.id, part.job.partOf?.row ?? 0, 1);
  if (chunk === undefined) throw new Error(`The chunk of job ${part.job.id} is missing`);
  const report = reportOf(part);
  if (isSame(chunk, report)) return;
  const { results, lines } = await resultsOfPart(part, ports.submissions);
  await storeResults(job, chunk, await rowsOf(job, progress, chunk, lines, ports), results, ports.files);
  await fileJobs.report(job.id, chunk, report);
}

function isSame(chunk: StoredChunk, { counts, retryable }: ReturnType<typeof reportOf>): boolean {
  const { counts: known } = chunk;
  if (known === undefined || chunk.retryable !== retryable) return false;
  return COUNTED.every((name) => known[name] === counts[name]);
}

/**
 * Stops the job when too many of the processed entries have failed, or its canary has.
 * @returns what stopped it, if that was now
 */
async function lookAtThreshold(
  job: StoredJob,
  file: FileState,
  { jobs, now }: ApplyFilePorts,
): Promise<StoredJob['stopped']> {
  const { counts } = progressOfState({ job, log: [], file });
  const { abortOn } = job.fileJob?.options ?? {};
  // It counts what the canary came to in the chunks before, too.
  const canary = file.open.flatMap(({ stopped }) => (stopped?.why === 'threshold' ? stopped : []))[0];
  const { failed, processed } = canary ?? {
    failed: counts.ERROR,
    processed: counts.SUCCESS + counts.ERROR,
  };
  const { errorPercent = 100, after = FIRST_LOOK } = abortOn ?? {};
  const isOver = processed >= after && failed * 100 > errorPercent * processed;
  if (canary === undefined && !isOver && !isCanaryOver(job, file, processed, failed)) return undefined;
  const stopped = { at: now(), why: 'threshold', failed, processed } as const;
  await jobs.markStopped(job.id, stopped);
  return stopped;
}

/** Whether a canary has failed that ends with a chunk: the job of that has nothing to hold back. */
function isCanaryOver(
  { fileJob }: StoredJob,
  { progress }: FileState,
  processed: number,
  failed: number,
): boolean {
  const { canary, abortOn } = fileJob?.options ?? {};
  const isAtEnd = canary !== undefined && progress.canary === canary && progress.open.length === 0;
  return isAtEnd && processed === canary && failed * 100 > (abortOn?.errorPercent ?? 0) * processed;
}

/** Stops the jobs of chunks, as their file job was. */
async function stopParts(
  { open }: FileProgress,
  { id }: StoredJob,
  known: readonly StoredJob[],
  { jobs, jobChecks, now }: ApplyFilePorts,
): Promise<void> {
  const stopped = new Set(known.filter((part) => part.stopped !== undefined).map((part) => part.partOf?.row));
  for (const row of open.filter((each) => !stopped.has(each))) {
    const at = now();
    await jobs.markStopped(partId(id, row), { at, why: 'cancelled' });
    await jobChecks.schedule({ jobId: partId(id, row), acceptingUntil: at }, Math.ceil(RECONCILE_MS / 1000));
  }
}

/**
 * Makes jobs of the next chunks while there is room, and gives those up that are not to be processed any more.
 * @returns how many chunks have a job that is not reported, and the first row that has none and was not given up
 */
async function advance(
  job: UploadedJob,
  progress: FileProgress,
  open: readonly StoredJob[],
  ports: ApplyFilePorts,
): Promise<{ inFlight: number; released: number }> {
  const { fileJobs, chunksInFlight, mayGoOn } = ports;
  const { canary } = job.fileJob.options;
  // An undo of an earlier chunk may follow that of a later one only.
  const room = isAgain(job) && job.fileJob.again.kind === 'undo' ? 1 : chunksInFlight;
  let inFlight = progress.open.length;
  let { released, canary: counted = 0 } = progress;
  while (released < progress.position.row) {
    const chunks = await fileJobs.chunksFrom(job.id, released, PAGE);
    for (const chunk of chunks) {
      // What is stored and not counted yet does not belong to what is read so far.
      if (chunk.row !== released || chunk.row >= progress.position.row || !(await mayGoOn()))
        return { inFlight, released };
      const isGivenUp =
        chunk.isBroken === true || (job.stopped !== undefined && !(await hasJob(job, chunk, ports)));
      const left = canary === undefined || isGivenUp ? undefined : Math.max(canary - counted, 0);
      if (!isGivenUp && inFlight >= room) return { inFlight, released };
      if (left !== undefined && !hasPassed(open, inFlight, left)) return { inFlight, released };
      const { ERROR: failed, SUCCESS: succeeded } = progress.counts;
      const before = { failed, processed: succeeded + failed };
      const inCanary = left === undefined || left === 0 ? undefined : { left, before };
      const valid = isGivenUp ? undefined : await accept(job, progress, chunk, inCanary, ports);
      if (valid === undefined) {
        await giveUp(job, progress, chunk, ports);
      } else {
        counted += valid;
        const count = canary === undefined ? undefined : counted;
        if (!(await fileJobs.markReleased(job.id, chunk, count))) await stopIfGivenUp(job, chunk, ports);
        inFlight += 1;
        // Whether its canary passes, the next look tells.
        if (left !== undefined && left > 0) return { inFlight, released };
      }
      released = chunk.row + chunk.rows;
    }
    if (chunks.length === 0) return { inFlight, released };
  }
  return { inFlight, released };
}

/** Whether a chunk has a job that was made before the file job was stopped, and is not noted yet. */
async function hasJob({ id }: StoredJob, { row }: StoredChunk, { jobs }: ApplyFilePorts): Promise<boolean> {
  return (await jobs.find(partId(id, row))) !== undefined;
}

/** Another invocation has noted something else of a chunk: that it has this job, or, after a stop, that it gets none. */
async function stopIfGivenUp(
  { id }: StoredJob,
  { row }: StoredChunk,
  { fileJobs, jobs, now }: ApplyFilePorts,
): Promise<void> {
  const progress = await fileJobs.find(id);
  if (progress?.open.includes(row)) return;
  // Nothing of it is released yet. A job that has ended is not stopped any more.
  await jobs.markStopped(partId(id, row), { at: now(), why: 'cancelled' });
}

/** Makes a job of a chunk. @returns its number of valid entries; undefined if there is nothing to do */
async function accept(
  job: UploadedJob,
  progress: FileProgress,
  chunk: StoredChunk,
  canary: ChunkCanary | undefined,
  ports: ApplyFilePorts,
): Promise<number | undefined> {
  if (isAgain(job)) return (await acceptAgain(job, chunk, ports)) ? chunk.rows : undefined;
  const { rows } = await rowsOf(job, progress, chunk, undefined, ports);
  return acceptChunk({ job, chunk, rows, procedure: ports.procedure, canary }, ports);
}

/** Notes that the rows of a chunk are not processed. */
async function giveUp(
  job: UploadedJob,
  progress: FileProgress,
  chunk: StoredChunk,
  ports: ApplyFilePorts,
): Promise<void> {
  const lines = isAgain(job) ? await linesOfAgain(job, chunk, ports) : undefined;
  const rows = await rowsOf(job, progress, chunk, lines, ports);
  await storeResults(job, chunk, rows, () => GIVEN_UP, ports.files);
  await ports.fileJobs.report(job.id, chunk, reportGivenUp(chunk));
}

function isAgain(job: UploadedJob): job is AgainJob {
  return job.fileJob.again !== undefined;
}

/**
 * Whether the next chunk may have a job: not before the canary has passed.
 * @param left - how many of the next valid entries still belong to it
 */
function hasPassed(open: readonly StoredJob[], inFlight: number, left: number): boolean {
  // Those before have ended, all with success or within the threshold, or the job would be stopped.
  if (left > 0) return inFlight === 0;
  return open.every((part) => {
    const [first] = part.steps ?? [];
    return part.isCanary !== true || first === undefined || releasedTo(part) > first.to;
  });
}

/** Notes and publishes the end of the job, once it has one. */
export async function endFile(
  jobId: string,
  ports: Omit<ApplyFilePorts, 'procedure'>,
): Promise<number | undefined> {
  const { jobs, fileJobs, now } = ports;
  const state = await jobs.read(jobId);
  if (state?.file === undefined) return undefined;
  const { job, file } = state;
  const { progress } = file;
  const found = job.end ?? endOfFile(job, file, progressOfState(state), now());
  if (found === undefined || !(await jobs.close(jobId, found))) return PAUSE_SECONDS;
  await publishEnd({ ...job, total: progress.position.row }, found, ports);
  await jobs.markAnnounced(jobId, now());
  await fileJobs.leave(job);
  return Math.ceil(COUNT_AGAIN_MS / 1000);
}

/**
 * Reports the chunks again of which a result came after they were reported.
 * @param from - no more results come from then on but late ones
 */
async function countAgain(
  { job, file }: JobState & { job: UploadedJob; file: FileState },
  from: number,
  ports: ApplyFilePorts,
): Promise<number | undefined> {
  const { jobs, fileJobs, now, mayGoOn } = ports;
  await fileJobs.leave(job);
  if (job.countedAt !== undefined || job.end === undefined) return undefined;
  if (now() < from) return Math.ceil((from - now()) / 1000);
  for (let row = file.progress.recounted ?? 0; row < file.progress.position.row; ) {
    const chunks = await fileJobs.chunksFrom(job.id, row, PAGE);
    for (const chunk of chunks) {
      if (!(await mayGoOn())) return PAUSE_SECONDS;
      const part = await jobs.readWhole(partId(job.id, chunk.row));
      if (part !== undefined) await reportPart(job, file.progress, part, ports);
      row = chunk.row + chunk.rows;
    }
    if (chunks.length === 0) break;
    await fileJobs.markRecounted(job.id, row);
  }
  const latest = await jobs.read(job.id);
  if (latest !== undefined) {
    const { counts, retryable } = progressOfState(latest);
    await jobs.markCounted(job.id, { ...job.end, counts, retryable }, now());
  }
  return undefined;
}

import { MAX_FILE_JOBS, UPLOAD_MS } from '../contract/file-job.ts';
import type { Procedure } from '../contract/procedure.ts';
import type { ChunkLimits } from '../rows/split-file.ts';
import type { UploadedJob } from './accept-chunk.ts';
import { type AgainJob, readAgain } from './again-file.ts';
import { type ApplyFilePorts, applyFile, endFile, reportPart } from './apply-file.ts';
import { type FileState, fileKeys, isAwaitingUpload, partId } from './file-job.ts';
import { createNoted } from './finalize-job.ts';
import { isOver, type StoredJob } from './job.ts';
import type { FileStep, JobState, Procedures, Uploads } from './ports.ts';
import { readFile } from './read-file.ts';

export interface FileStepPorts extends Omit<ApplyFilePorts, 'procedure'> {
  procedures: Procedures;
  uploads: Pick<Uploads, 'abortUpload'>;
  /** Of chunks that files are cut into. Default: those of a request. */
  chunkLimits?: ChunkLimits | undefined;
}

/** Pause while another function may still store what a step is about. */
const PAUSE_SECONDS = 5;
/** Pause of a job that waits for others of its team. */
const WAIT_SECONDS = 10;
/** Pause of a step that was cut short. */
const GO_ON_SECONDS = 1;
/** From one look whether an upload is completed to the next. */
const LOOK_SECONDS = 60 * 60;

/**
 * Does a step of a file job.
 * @returns after how many seconds to go on with it, or undefined when nothing is left to do
 */
export async function runFileStep(
  { jobId, kind, row = 0, acceptingUntil, undoes }: FileStep,
  ports: FileStepPorts,
): Promise<number | undefined> {
  const { jobs, now } = ports;
  let state = await jobs.read(jobId);
  if (state === undefined && undoes !== undefined) state = await createNoted(jobId, undoes, jobs);
  const isPending = !isOver(acceptingUntil, now());
  if (state === undefined) return isPending ? PAUSE_SECONDS : undefined;
  if (kind === 'expire') return expire(state.job, ports);
  if (!isUploaded(state)) return isPending ? PAUSE_SECONDS : undefined;
  const { job } = state;
  if (kind === 'report') return reportAgain(state, row, ports);
  if (job.announcedAt === undefined && (await mustWait(state, ports))) return WAIT_SECONDS;
  const procedure = await ports.procedures.find(job.team, job.procedure);
  if (procedure === undefined)
    throw new Error(`The procedure ${job.procedure} of job ${jobId} does not exist`);
  if (kind === 'apply') return applyFile(state, { ...ports, procedure });
  const { progress } = state.file;
  if (progress.isTotalFinal) return undefined;
  const isRead =
    job.fileJob.again === undefined
      ? await readFile(job, progress, { ...ports, procedure })
      : await readAgain(job as AgainJob, progress, ports);
  return isRead ? undefined : GO_ON_SECONDS;
}

function isUploaded(state: JobState): state is JobState & { job: UploadedJob; file: FileState } {
  return state.file !== undefined && state.job.fileJob?.accepted !== undefined;
}

/** Reports a chunk of which a result came late. One that was not reported yet will be, with that result. */
async function reportAgain(
  { job, file }: JobState & { job: UploadedJob; file: FileState },
  row: number,
  ports: FileStepPorts,
): Promise<undefined> {
  const part = await ports.jobs.readWhole(partId(job.id, row));
  const isReported = !file.progress.open.includes(row);
  if (part !== undefined && isReported)
    await reportPart(job, file.progress, part, { ...ports, procedure: await procedureOf(job, ports) });
}

async function procedureOf(job: StoredJob, { procedures }: FileStepPorts): Promise<Procedure> {
  const procedure = await procedures.find(job.team, job.procedure);
  if (procedure !== undefined) return procedure;
  throw new Error(`The procedure ${job.procedure} of job ${job.id} does not exist`);
}

/** Whether a job has to wait until others of its team have ended. */
async function mustWait(
  { job, file }: { job: StoredJob; file: FileState },
  { fileJobs }: FileStepPorts,
): Promise<boolean> {
  const { isWaiting } = file.progress;
  // It has its turn until it ends, and what is stopped takes none.
  if (isWaiting === false || job.stopped !== undefined) return false;
  if (isWaiting === undefined) await fileJobs.queue(job);
  // One that was accepted earlier may come to the queue later, when all turns are taken.
  const mayGo =
    (await fileJobs.isAmongFirst(job, MAX_FILE_JOBS)) && (await fileJobs.takeTurn(job, MAX_FILE_JOBS));
  const mustWaitOn = !mayGo;
  if (mustWaitOn !== isWaiting) await fileJobs.markWaiting(job.id, mustWaitOn);
  return mustWaitOn;
}

/** Removes an upload that is cancelled, or was not completed in time. */
async function expire(job: StoredJob, ports: FileStepPorts): Promise<number | undefined> {
  const { jobs, uploads, now } = ports;
  const { id, fileJob, createdAt } = job;
  if (fileJob === undefined || fileJob.accepted !== undefined || job.announcedAt !== undefined)
    return undefined;
  if (isAwaitingUpload(job)) {
    const leftMs = createdAt + UPLOAD_MS - now();
    if (leftMs > 0) return Math.min(Math.ceil(leftMs / 1000), LOOK_SECONDS);
    await jobs.markStopped(id, { at: now(), why: 'expired' });
    // It may have been completed meanwhile.
    return GO_ON_SECONDS;
  }
  await uploads.abortUpload(fileKeys.upload(id), fileJob.uploadId);
  return endFile(id, ports);
}

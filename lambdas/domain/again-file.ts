import type { Procedure } from '../contract/procedure.ts';
import { acceptRequest, type ChunkPorts, partOf, type UploadedJob } from './accept-chunk.ts';
import type { UpdateRequest } from './accept-updates.ts';
import type { FileJob } from './file-header.ts';
import { type FileProgress, partId, type StoredChunk } from './file-job.ts';
import type { StoredJob } from './job.ts';
import type { FileJobs, JobState, Submissions } from './ports.ts';
import { type PreparedUndo, prepareUndo } from './prepare-undo.ts';
import { RequestError } from './request-error.ts';
import { retryOf } from './retry-job.ts';
import { failedOfUndo } from './retry-undo.ts';
import { storeReleased } from './store-released.ts';

/** A job whose entries are those of another file job that it undoes, or retries. */
export type AgainJob = UploadedJob & { fileJob: Required<Pick<FileJob, 'again'>> };

/** How many chunks are read at a time. */
const PAGE = 500;

/**
 * Finds the chunks of the other job that have something to do again. An undo goes from the last to the first: what a later
 * chunk has set over an earlier one is given back before.
 * @returns whether all are found; if not, another invocation goes on, this step's or one that came between
 */
export async function readAgain(
  job: AgainJob,
  progress: FileProgress,
  { fileJobs, mayGoOn }: { fileJobs: FileJobs; mayGoOn: () => Promise<boolean> },
): Promise<boolean> {
  const { id, fileJob } = job;
  const { of, kind } = fileJob.again;
  const others: StoredChunk[] = [];
  for (let page = await fileJobs.chunksFrom(of, 0, PAGE); page.length > 0; ) {
    others.push(...page);
    const last = page.at(-1) as StoredChunk;
    page = page.length < PAGE ? [] : await fileJobs.chunksFrom(of, last.row + last.rows, PAGE);
    if (page[0]?.row === last.row) break;
  }
  if (kind === 'undo') others.reverse();
  // How many of them were looked at is noted where a file's bytes are.
  let { byte, row } = progress.position;
  let { chunks } = progress;
  for (; byte < others.length; byte++) {
    const other = others[byte] as StoredChunk;
    const rows = (kind === 'undo' ? other.counts?.SUCCESS : other.retryable) ?? 0;
    if (rows === 0) continue;
    if (!(await mayGoOn())) return false;
    const file = other.again?.file ?? { jobId: of, row: other.row };
    const from = { byte, row, line: 0 };
    const chunk = { row, rows, number: chunks, from, again: { row: other.row, file } };
    const position = { byte: byte + 1, row: row + rows, line: 0 };
    if (!(await fileJobs.addChunk(job, chunk, { position, bytesRead: 0, isTotalFinal: false }))) return false;
    row += rows;
    chunks += 1;
  }
  const position = { byte, row, line: 0 };
  return fileJobs.markRead(id, chunks, { position, bytesRead: fileJob.size, isTotalFinal: true });
}

export interface AgainPorts extends ChunkPorts {
  submissions: Submissions;
  procedure: Procedure;
}

/**
 * Makes a job of what is to be done again of a chunk. Made twice, it is the same job.
 * @returns whether there is such a job: not if nothing is left to be done again of the chunk by now
 */
export async function acceptAgain(job: AgainJob, chunk: StoredChunk, ports: AgainPorts): Promise<boolean> {
  const { jobs } = ports;
  const id = partId(job.id, chunk.row);
  if ((await jobs.find(id)) !== undefined) return true;
  const found = await againOf(job, chunk, ports);
  if (found === undefined) return false;
  const { source, ...again } = found;
  if ('request' in again) {
    await acceptRequest(job, chunk, again.request, undefined, ports);
    return true;
  }
  const isUndo = job.fileJob.again.kind === 'undo';
  const of = isUndo ? { undoes: source.job.id } : { parent: source.job.id };
  const sequence = job.fileJob.accepted.sequence + chunk.number;
  const stored = await storeReleased({ ...source.job, ...of, sequence }, again.prepared, {
    ...ports,
    newId: () => id,
  });
  const part: StoredJob = { ...stored, partOf: partOf(job, chunk) };
  // From then on nothing of the chunk is applied any more.
  if (isUndo) await jobs.markUndone(source.job.id, part, source.job.undoneBy?.id);
  await jobs.create(part);
  return true;
}

/** The lines in the file of what is to be done again of a chunk, in the order of the entries. */
export async function linesOfAgain(job: AgainJob, chunk: StoredChunk, ports: AgainPorts): Promise<number[]> {
  const found = await againOf(job, chunk, ports);
  if (found === undefined) return [];
  if ('request' in found) return found.request.options?.source?.lines ?? [];
  return found.prepared.entries.flatMap(({ line }) => line ?? []);
}

type Again = { source: JobState } & ({ request: UpdateRequest } | { prepared: PreparedUndo });

/** What is to be done again of a chunk; nothing if its entries have succeeded by now, or were undone. */
async function againOf(
  { fileJob }: AgainJob,
  { again, number }: StoredChunk,
  ports: AgainPorts,
): Promise<Again | undefined> {
  const { jobs, submissions, procedure } = ports;
  const sequence = fileJob.accepted.sequence + number;
  const id = partId(fileJob.again.of, again?.row ?? 0);
  const source = await jobs.readWhole(id);
  if (source === undefined) throw new Error(`The job ${id} is missing`);
  if (fileJob.again.kind === 'undo')
    return { source, prepared: await prepareUndo(source, sequence, submissions) };
  try {
    if (source.job.undoes !== undefined) return { source, prepared: await failedOfUndo(source, ports) };
    return { source, request: await retryOf(source, procedure, submissions) };
  } catch (error) {
    if (error instanceof RequestError) return undefined;
    throw error;
  }
}

import { gzipSync } from 'node:zlib';
import { MAX_CHUNKS, MAX_TEXT_BYTES } from '../contract/file-job.ts';
import type { Procedure } from '../contract/procedure.ts';
import type { FilePosition } from '../rows/file-fault.ts';
import { gunzipFrom } from '../rows/gunzip-from.ts';
import { type ChunkLimits, type FileHead, splitFile } from '../rows/split-file.ts';
import { columnsOfUpload, hasFaults } from '../rows/upload-columns.ts';
import type { UploadedJob } from './accept-chunk.ts';
import { type FileProgress, fileKeys } from './file-job.ts';
import type { FileJobs, Files, ReadSoFar } from './ports.ts';

export interface ReadFilePorts {
  fileJobs: FileJobs;
  files: Files;
  procedure: Procedure;
  /** Default: those of a request. */
  chunkLimits?: ChunkLimits | undefined;
  now: () => number;
  /** Called before each chunk; reading ends where it says so, and goes on in another invocation. */
  mayGoOn: () => Promise<boolean>;
}

/**
 * Then reading leaves its place to other steps, for there are few. What is compressed is decompressed from its start each
 * time, and read on for as long as that took.
 */
const SLICE_MS = 60_000;

/** Chunks are kept for as long as their job: what counts is the time that packing takes. */
const LEVEL = 1;

/**
 * Reads the file of a job from where that is noted on, and stores its rows in chunks.
 *
 * What another invocation stores at the same time is the same, so that one which died, or only seemed to, leaves nothing
 * wrong: a chunk counts once.
 *
 * @returns whether the file is read to its end; if not, another invocation goes on, this step's or one that came between
 */
export async function readFile(
  { id, fileJob, ...job }: UploadedJob,
  progress: FileProgress,
  { fileJobs, files, procedure, chunkLimits, now, mayGoOn }: ReadFilePorts,
): Promise<boolean> {
  const { position } = progress;
  let { head, fault, chunks } = progress;
  let bytesRead = 0;
  const isPacked = fileJob.compression === 'gzip';
  const firstByte = isPacked ? 0 : position.byte;
  const source = counted(
    files.read(fileKeys.upload(id), { from: firstByte, etag: fileJob.accepted.etag }),
    (bytes) => (bytesRead += bytes),
  );
  const text = isPacked ? gunzipFrom(source, position.byte, MAX_TEXT_BYTES) : source;
  const soFar = (at: FilePosition): ReadSoFar => ({
    position: at,
    bytesRead: isPacked ? bytesRead : at.byte,
    isTotalFinal: false,
    ...(head && { head }),
    ...(fault !== undefined && { fault }),
  });
  const shape = { format: fileJob.format, delimiter: head?.delimiter ?? fileJob.delimiter };
  const faultOf = (message: string | undefined) =>
    message === undefined ? undefined : { at: now(), message };
  const startedAt = now();
  let firstMs: number | undefined;
  let latest = position;
  const from = position.byte === 0 ? undefined : position;
  for await (const part of splitFile(text, shape, from, chunkLimits)) {
    if ('head' in part && JSON.stringify(part.head).length > MAX_HEAD_CHARACTERS) {
      fault ??= faultOf(HEAD_TOO_LARGE);
      break;
    }
    if ('head' in part) {
      head = part.head;
      fault ??= faultOf(faultOfColumns(head, fileJob, procedure));
      latest = head.end;
    } else if ('fault' in part) {
      fault ??= faultOf(part.fault.message);
    } else {
      firstMs ??= now() - startedAt;
      const isLong = now() - startedAt > Math.max(SLICE_MS, 2 * firstMs);
      if (isLong || !(await mayGoOn())) return false;
      latest = part.to;
      if (chunks === MAX_CHUNKS) fault ??= faultOf(TOO_MANY_CHUNKS);
      const { row } = part.from;
      await files.put(fileKeys.chunk(id, row), gzipSync(part.bytes, { level: LEVEL }), 'application/gzip');
      const isBroken = part.isBroken === true || fault !== undefined;
      const chunk = {
        ...{ row, rows: part.to.row - row, number: chunks, from: part.from },
        ...(isBroken && { isBroken }),
      };
      if (!(await fileJobs.addChunk({ id, fileJob, ...job }, chunk, soFar(part.to)))) return false;
      chunks += 1;
    }
  }
  return fileJobs.markRead(id, chunks, { ...soFar(latest), bytesRead: fileJob.size, isTotalFinal: true });
}

/** The names of the columns are kept with the job, in an item of 400 KB, as they are written and as they are read. */
const MAX_HEAD_CHARACTERS = 100_000;
const HEAD_TOO_LARGE = `Line 1: the names of the columns take more than ${MAX_HEAD_CHARACTERS / 1000} KB. Shorten them, or send only the columns that are needed.`;

const TOO_MANY_CHUNKS = `The file has more than ${MAX_CHUNKS} chunks of 10,000 rows or 4 MB; the rows after them are not processed. Send them in another file.`;

/** What is wrong with the names of the columns, as sentences. */
function faultOfColumns(
  { cells }: FileHead,
  { columns = {}, expect }: UploadedJob['fileJob'],
  procedure: Procedure,
): string | undefined {
  const found = columnsOfUpload(cells, { columns, expect }, procedure);
  return hasFaults(found) ? found.map(({ message }) => message).join(' ') : undefined;
}

async function* counted(
  source: AsyncIterable<Uint8Array>,
  onBytes: (bytes: number) => void,
): AsyncGenerator<Uint8Array, void, void> {
  for await (const bytes of source) {
    onBytes(bytes.length);
    yield bytes;
  }
}

import { definedOf } from '../contract/defined-of.ts';
import type { EntryErrorCode } from '../contract/errors.ts';
import { OUTCOMES, type Outcome } from '../contract/statuses.ts';
import type { FieldName } from '../domain/field.ts';
import type { Image } from '../domain/image.ts';
import { RETENTION_MS, type StoredJob } from '../domain/job.ts';
import type { Fault } from '../domain/precondition.ts';
import type { EntryResult, Result, ResultBatch } from '../domain/results.ts';
import type { Images } from './image-text.ts';
import { longId, shortId } from './short-id.ts';

/**
 * The items of the Jobs table, by partition key `jobId` and sort key `part`.
 *
 * The header, how far a file job is, and late results stand next to each other, so that one query reads them.
 */
export const HEADER = 'header';
export const FILE_PROGRESS = 'header#file';
export const LATE_RESULT_PREFIX = 'header#late#';
export const RESULT_PREFIX = 'result#';
export const submissionPart = (chunk: number) => `submission#${String(chunk).padStart(5, '0')}`;

/**
 * Where a chunk of a submission is. The first lies beside its job, each further one under a partition key of its own: a
 * key takes 1,000 write units a second, and a body that compresses badly is more than three thousand.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html
 */
export function submissionKey(jobId: string, chunk: number): { jobId: string; part: string } {
  const part = submissionPart(chunk);
  return { jobId: chunk === 0 ? jobId : `${jobId}#${part}`, part };
}

/** Where a chunk of the updates that wait for their release is: under a partition key of its own, for the same reason. */
export function heldUpdatesKey(jobId: string, chunk: number): { jobId: string; part: string } {
  const part = `held#${String(chunk).padStart(5, '0')}`;
  return { jobId: `${jobId}#${part}`, part };
}

/** The partition key of a chunk of a plan. */
export function planPartition(jobId: string, chunk: number): string {
  return `${jobId}#plan#${String(chunk).padStart(5, '0')}`;
}

/** Where a piece of a chunk of a plan is. */
export function planKey(jobId: string, chunk: number, piece: number): { jobId: string; part: string } {
  return { jobId: planPartition(jobId, chunk), part: `plan#${String(piece).padStart(5, '0')}` };
}

/** The partition key of the compact results of a chunk of a submission: of its own, as that of the chunk. */
export function compactPartition(jobId: string, chunk: number): string {
  return `${jobId}#results#${String(chunk).padStart(5, '0')}`;
}

/** Where a piece of them is. */
export function compactKey(jobId: string, chunk: number, piece: number): { jobId: string; part: string } {
  return { jobId: compactPartition(jobId, chunk), part: `results#${String(piece).padStart(5, '0')}` };
}

/** The partition key of images that are too large to lie beside their results. */
export function imagesPartition(jobId: string, name: string): string {
  return `${jobId}#images#${name}`;
}

/** Where a piece of such images is. */
export function imagesKey(jobId: string, name: string, piece: number): { jobId: string; part: string } {
  return { jobId: imagesPartition(jobId, name), part: `images#${String(piece).padStart(5, '0')}` };
}

/** The header expires this long before all else: longer than any request takes. */
const HEADER_FIRST_MS = 24 * 60 * 60 * 1000;

/**
 * A logged result: index, result, attempts, the process id where it had to be found, and what a precondition failed for or
 * an undo has kept.
 */
export type ResultRow = [
  index: number,
  code: Outcome | EntryErrorCode | 'CANCELLED',
  attempts: number,
  processId?: string | null,
  details?: readonly FaultRow[] | readonly FieldName[],
];
type FaultRow = [of: Fault['of'], name: Fault['name'], stored: string];

export function headerItem({ id, ...header }: StoredJob): Record<string, unknown> {
  const expiresAt = epochSeconds(header.createdAt + RETENTION_MS);
  if (header.partOf === undefined) return { jobId: id, part: HEADER, ...header, expiresAt };
  // Without a sequence, it is not in the index of the team's jobs.
  const { sequence, ...others } = header;
  return { jobId: id, part: HEADER, ...others, place: sequence, expiresAt };
}

export function readHeader(item: Record<string, unknown>): StoredJob {
  // Release 38672ea noted in `announcingUntil` that somebody was announcing the end.
  const { jobId: id, part: _part, expiresAt: _expiresAt, announcingUntil: _announcing, ...header } = item;
  // Releases before jobs had thresholds noted in `cancelledAt` when a job was cancelled.
  const { cancelledAt, place, ...job } = header;
  const stopped = cancelledAt === undefined ? {} : { stopped: { at: cancelledAt, why: 'cancelled' } };
  return { id, ...stopped, ...definedOf({ sequence: place }), ...job } as StoredJob;
}

/** An item has at most 400 KB; ids of processes have up to 2 KB each. */
const MAX_ROWS_BYTES = 300 * 1024;

/** The attributes of a batch of results, beside the keys: of one item, or of several where one cannot hold it. */
export function* resultItems({ results, isLate: _isLate, ...times }: ResultBatch) {
  const itemOf = (rows: readonly string[], images: Images) => ({
    attributes: {
      ...times,
      rows: `[${rows.join(',')}]`,
      short: true,
      // Whoever undoes the job finds out by it which entries have an image, without reading those.
      ...(images.size > 0 && { imaged: [...images.keys()] }),
      expiresAt: partExpiry(times.completedAt),
    },
    images,
  });
  let rows: string[] = [];
  let images = new Map<number, Image>();
  let bytes = 0;
  for (const result of results) {
    const row = JSON.stringify(withId(rowOf(result), shortId));
    const size = Buffer.byteLength(row) + 1;
    if (rows.length > 0 && bytes + size > MAX_ROWS_BYTES) {
      yield itemOf(rows, images);
      rows = [];
      images = new Map();
      bytes = 0;
    }
    rows.push(row);
    if (result.image !== undefined) images.set(result.index, result.image);
    bytes += size;
  }
  if (rows.length > 0) yield itemOf(rows, images);
}

export function rowOf({ index, result, attempts, processId }: EntryResult): ResultRow {
  const code = codeOf(result);
  const faults = 'error' in result ? result.faults?.map(faultRow) : undefined;
  const details = faults ?? ('outcome' in result ? result.kept : undefined);
  if (details !== undefined) return [index, code, attempts, processId ?? null, details];
  return processId === undefined ? [index, code, attempts] : [index, code, attempts, processId];
}

/** A row with its process id rewritten, if it has one. */
function withId(row: ResultRow, rewrite: (id: string) => string): ResultRow {
  const [index, code, attempts, processId, ...details] = row;
  return typeof processId === 'string' ? [index, code, attempts, rewrite(processId), ...details] : row;
}

function faultRow({ of, name, stored }: Fault): FaultRow {
  return [of, name, stored];
}

export function readResults({
  part,
  startedAt,
  completedAt,
  rows,
  imaged,
  short,
}: Record<string, unknown>): ResultBatch {
  // Releases before did not shorten ids.
  const idOf = short === true ? longId : (id: string) => id;
  const imagedIndexes = new Set(imaged as number[] | undefined);
  return {
    startedAt: startedAt as number,
    completedAt: completedAt as number,
    ...(String(part).startsWith(LATE_RESULT_PREFIX) && { isLate: true }),
    results: (JSON.parse(rows as string) as ResultRow[]).map((row): EntryResult => {
      const result = resultOfRow(withId(row, idOf));
      return imagedIndexes.has(row[0]) ? { ...result, imageAt: part as string } : result;
    }),
  };
}

export function resultOfRow([index, code, attempts, processId, details]: ResultRow): EntryResult {
  const result = resultOf(code, details);
  return definedOf({ index, result, attempts, processId: processId ?? undefined });
}

function codeOf(result: Result): ResultRow[1] {
  if ('outcome' in result) return result.outcome;
  return 'error' in result ? result.error : 'CANCELLED';
}

function resultOf(code: ResultRow[1], details: ResultRow[4]): Result {
  if (code === 'CANCELLED') return { cancelled: true };
  if (isOutcome(code)) return definedOf({ outcome: code, kept: details as FieldName[] | undefined });
  const faults = details as readonly FaultRow[] | undefined;
  return definedOf({ error: code, faults: faults?.map(([of, name, stored]) => ({ of, name, stored })) });
}

function isOutcome(code: Outcome | EntryErrorCode): code is Outcome {
  return OUTCOMES.some((outcome) => outcome === code);
}

/**
 * When the TTL may remove what belongs to a job, results and submission: later than the header, so that whoever has
 * just read that finds them.
 */
export function partExpiry(from: number): number {
  return epochSeconds(from + RETENTION_MS + HEADER_FIRST_MS);
}

/** The TTL attribute counts in seconds. */
function epochSeconds(ms: number): number {
  return Math.ceil(ms / 1000);
}

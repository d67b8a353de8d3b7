import { definedOf } from '../contract/defined-of.ts';
import type { EntryErrorCode } from '../contract/errors.ts';
import { OUTCOMES, type Outcome } from '../contract/statuses.ts';
import { RETENTION_MS, type StoredJob } from '../domain/job.ts';
import type { Fault } from '../domain/precondition.ts';
import type { EntryResult, Result, ResultBatch } from '../domain/results.ts';

/**
 * The items of the Jobs table, by partition key `jobId` and sort key `part`.
 *
 * Header and late results stand next to each other, so that one query reads both.
 */
export const HEADER = 'header';
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

/** The header expires this long before all else: longer than any request takes. */
const HEADER_FIRST_MS = 24 * 60 * 60 * 1000;

/** A logged result: index, result, attempts, the process id where it had to be found, and what a precondition failed for. */
type Row = [
  index: number,
  code: Outcome | EntryErrorCode | 'CANCELLED',
  attempts: number,
  processId?: string | null,
  faults?: readonly FaultRow[],
];
type FaultRow = [of: Fault['of'], name: Fault['name'], stored: string];

export function headerItem({ id, ...header }: StoredJob): Record<string, unknown> {
  return { jobId: id, part: HEADER, ...header, expiresAt: epochSeconds(header.createdAt + RETENTION_MS) };
}

export function readHeader(item: Record<string, unknown>): StoredJob {
  // Release 38672ea noted in `announcingUntil` that somebody was announcing the end.
  const { jobId: id, part: _part, expiresAt: _expiresAt, announcingUntil: _announcing, ...header } = item;
  // Releases before jobs had thresholds noted in `cancelledAt` when a job was cancelled.
  const { cancelledAt, ...job } = header;
  const stopped = cancelledAt === undefined ? {} : { stopped: { at: cancelledAt, why: 'cancelled' } };
  return { id, ...stopped, ...job } as StoredJob;
}

/** An item has at most 400 KB; ids of processes have up to 2 KB each. */
const MAX_ROWS_BYTES = 300 * 1024;

/** The attributes of a batch of results, beside the keys: of one item, or of several where one cannot hold it. */
export function* resultItems({ results, isLate: _isLate, ...times }: ResultBatch) {
  const itemOf = (rows: readonly string[]) => ({
    ...times,
    rows: `[${rows.join(',')}]`,
    expiresAt: partExpiry(times.completedAt),
  });
  let rows: string[] = [];
  let bytes = 0;
  for (const result of results) {
    const row = JSON.stringify(rowOf(result));
    const size = Buffer.byteLength(row) + 1;
    if (rows.length > 0 && bytes + size > MAX_ROWS_BYTES) {
      yield itemOf(rows);
      rows = [];
      bytes = 0;
    }
    rows.push(row);
    bytes += size;
  }
  if (rows.length > 0) yield itemOf(rows);
}

function rowOf({ index, result, attempts, processId }: EntryResult): Row {
  const code = codeOf(result);
  const faults = 'error' in result ? result.faults : undefined;
  if (faults !== undefined) return [index, code, attempts, processId ?? null, faults.map(faultRow)];
  return processId === undefined ? [index, code, attempts] : [index, code, attempts, processId];
}

function faultRow({ of, name, stored }: Fault): FaultRow {
  return [of, name, stored];
}

export function readResults({ startedAt, completedAt, rows }: Record<string, unknown>): ResultBatch {
  return {
    startedAt: startedAt as number,
    completedAt: completedAt as number,
    results: (JSON.parse(rows as string) as Row[]).map(
      ([index, code, attempts, processId, faults]): EntryResult =>
        definedOf({ index, result: resultOf(code, faults), attempts, processId: processId ?? undefined }),
    ),
  };
}

function codeOf(result: Result): Row[1] {
  if ('outcome' in result) return result.outcome;
  return 'error' in result ? result.error : 'CANCELLED';
}

function resultOf(code: Row[1], faults: Row[4]): Result {
  if (code === 'CANCELLED') return { cancelled: true };
  if (isOutcome(code)) return { outcome: code };
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

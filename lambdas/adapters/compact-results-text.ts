import { definedOf } from '../contract/defined-of.ts';
import { ChunkWriter, readLines } from '../domain/chunks.ts';
import type { FoldedResult, ResultBatch } from '../domain/results.ts';
import { type ResultRow, resultOfRow, rowOf } from './job-items.ts';
import { longId, shortId } from './short-id.ts';

/** What results share that were logged together: a line before the first of them in a piece. */
type Batch = Pick<FoldedResult, 'startedAt' | 'completedAt' | 'imageAt'>;

/**
 * A result: the number of its batch in the piece, and the row that the log has, but for its index, which is counted from the
 * result before, and a short process id. Both compress better: with random ids to three quarters.
 */
type Line = [batch: number, ...row: ResultRow];

/** Writes results, in the order of their index, into pieces that fit an item. Each piece is read by itself. */
export function writeCompactResults(results: Iterable<FoldedResult>): readonly Uint8Array[] {
  const writer = new PieceWriter();
  for (const result of results) writer.add(result);
  return writer.end();
}

class PieceWriter {
  readonly #writer = new ChunkWriter();
  /** The number of each batch of the piece. */
  readonly #batches = new Map<string, number>();
  /** The index that the one of the next result is counted from. */
  #last = 0;

  add(result: FoldedResult): void {
    const { startedAt, completedAt, imageAt } = result;
    const batch = JSON.stringify(definedOf({ startedAt, completedAt, imageAt }) satisfies Batch);
    if (!this.#writer.hasRoomFor(this.#linesOf(batch, result))) {
      this.#writer.endChunk();
      this.#batches.clear();
      this.#last = 0;
    }
    this.#writer.add(this.#linesOf(batch, result));
    if (!this.#batches.has(batch)) this.#batches.set(batch, this.#batches.size);
    this.#last = result.index;
  }

  end(): readonly Uint8Array[] {
    this.#writer.endChunk();
    return this.#writer.chunks;
  }

  #linesOf(batch: string, result: FoldedResult): string {
    const [index, code, attempts, processId, ...details] = rowOf(result);
    const known = this.#batches.get(batch);
    const number = known ?? this.#batches.size;
    const line: Line = [number, index - this.#last, code, attempts];
    if (processId !== undefined) line.push(processId === null ? null : shortId(processId), ...details);
    const text = JSON.stringify(line);
    return known === undefined ? `${batch}\n${text}` : text;
  }
}

/** Reads a piece as what it is made of: batches as they are logged, of which only the results that stand are left. */
export function readCompactResults(piece: Uint8Array): ResultBatch[] {
  const batches: (ResultBatch & Batch)[] = [];
  let last = 0;
  for (const text of readLines(piece)) {
    const line: Batch | Line = JSON.parse(text);
    if (!Array.isArray(line)) {
      batches.push({ ...line, results: [] });
      continue;
    }
    const [number, fromLast, code, attempts, short, ...details] = line;
    last += fromLast;
    const processId = short == null ? null : longId(short);
    const batch = batches[number];
    const result = resultOfRow([last, code, attempts, processId, ...details]);
    batch?.results.push(definedOf({ ...result, imageAt: batch.imageAt }));
  }
  return batches.map(({ startedAt, completedAt, results }) => ({ startedAt, completedAt, results }));
}

import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import type { StoredJob } from '../domain/job.ts';
import type { CompactResults } from '../domain/ports.ts';
import type { FoldedResult, ResultBatch } from '../domain/results.ts';
import { putChunks } from './chunk-items.ts';
import { readCompactResults, writeCompactResults } from './compact-results-text.ts';
import { compactKey, compactPartition } from './job-items.ts';
import { readPartition } from './pieces.ts';

/** How many chunks are read at a time. */
const READS_IN_FLIGHT = 8;

/** Keeps compact results in the Jobs table, those of each chunk of the submission under a partition key of its own. */
export class CompactResultsStore implements CompactResults {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async store(
    jobId: string,
    chunks: readonly (readonly FoldedResult[])[],
    createdAt: number,
  ): Promise<number[]> {
    const written = chunks.map(writeCompactResults);
    const placed = written.flatMap((pieces, number) =>
      pieces.map((chunk, position) => ({ key: compactKey(jobId, number, position), chunk })),
    );
    await putChunks(this.#client, this.#table, placed, createdAt);
    return written.map(({ length }) => length);
  }

  async readChunk({ id, compacted }: StoredJob, number: number): Promise<ResultBatch[]> {
    const count = compacted?.pieces[number] ?? 0;
    if (count === 0) return [];
    const read = (isConsistent: boolean) =>
      readPartition(this.#client, this.#table, compactPartition(id, number), isConsistent);
    // They never change, so a read that may be behind, for half of the units, misses them at worst.
    let pieces = await read(false);
    if (pieces.length < count) pieces = await read(true);
    if (pieces.length < count) throw new Error(`Results of chunk ${number} of job ${id} are missing`);
    return pieces.flatMap(({ chunk }) => readCompactResults(chunk as Uint8Array));
  }

  /** Reads those of all chunks. */
  async readAll(job: StoredJob): Promise<ResultBatch[]> {
    const numbers = job.compacted?.pieces.keys() ?? [];
    const chunks = await pMap(numbers, (number) => this.readChunk(job, number), {
      concurrency: READS_IN_FLIGHT,
    });
    return chunks.flat();
  }
}

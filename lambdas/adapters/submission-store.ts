import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Submissions } from '../domain/ports.ts';
import { readChunk, type SubmittedEntry } from '../domain/submission.ts';
import { findChunk, putChunks } from './chunk-items.ts';
import { submissionKey, submissionPart } from './job-items.ts';

/** Keeps submissions beside their jobs, in the Jobs table. */
export class SubmissionStore implements Submissions {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async store(jobId: string, chunks: readonly Uint8Array[], createdAt: number): Promise<void> {
    const placed = chunks.map((chunk, number) => ({ key: submissionKey(jobId, number), chunk }));
    await putChunks(this.#client, this.#table, placed, createdAt);
  }

  async readChunk(jobId: string, number: number): Promise<SubmittedEntry[]> {
    const chunk =
      (await findChunk(this.#client, this.#table, submissionKey(jobId, number))) ??
      // Earlier releases kept all chunks beside the job.
      (await findChunk(this.#client, this.#table, { jobId, part: submissionPart(number) }));
    if (chunk === undefined) throw new Error(`Chunk ${number} of job ${jobId} is missing`);
    return readChunk(chunk);
  }
}

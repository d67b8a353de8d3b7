import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import type { Submissions } from '../domain/ports.ts';
import { readChunk, type SubmittedEntry } from '../domain/submission.ts';
import { partExpiry, submissionKey, submissionPart } from './job-items.ts';

/** How many chunks of a submission are written at a time. */
const WRITES_IN_FLIGHT = 8;

/** Keeps submissions beside their jobs, in the Jobs table. */
export class SubmissionStore implements Submissions {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async store(jobId: string, chunks: readonly Uint8Array[], createdAt: number): Promise<void> {
    const expiresAt = partExpiry(createdAt);
    const put = (chunk: Uint8Array, number: number) =>
      this.#client.send(
        new PutCommand({
          TableName: this.#table,
          Item: { ...submissionKey(jobId, number), chunk, expiresAt },
        }),
      );
    await pMap(chunks, put, { concurrency: WRITES_IN_FLIGHT });
  }

  async readChunk(jobId: string, number: number): Promise<SubmittedEntry[]> {
    const chunk =
      (await this.#find(submissionKey(jobId, number))) ??
      // Earlier releases kept all chunks beside the job.
      (await this.#find({ jobId, part: submissionPart(number) }));
    if (chunk === undefined) throw new Error(`Chunk ${number} of job ${jobId} is missing`);
    return readChunk(chunk);
  }

  async #find(Key: { jobId: string; part: string }): Promise<Uint8Array | undefined> {
    const { Item } = await this.#client.send(
      new GetCommand({ TableName: this.#table, Key, ConsistentRead: true }),
    );
    return Item?.chunk;
  }
}

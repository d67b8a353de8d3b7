import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type HeldUpdate, readHeldUpdates } from '../domain/held-updates.ts';
import type { HeldUpdates } from '../domain/ports.ts';
import { findChunk, putChunks } from './chunk-items.ts';
import { heldUpdatesKey } from './job-items.ts';

/** Keeps updates that wait for their release in the Jobs table. */
export class HeldUpdatesStore implements HeldUpdates {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async store(jobId: string, chunks: readonly Uint8Array[], createdAt: number): Promise<void> {
    const placed = chunks.map((chunk, number) => ({ key: heldUpdatesKey(jobId, number), chunk }));
    await putChunks(this.#client, this.#table, placed, createdAt);
  }

  async readChunk(jobId: string, number: number): Promise<HeldUpdate[]> {
    const chunk = await findChunk(this.#client, this.#table, heldUpdatesKey(jobId, number));
    if (chunk === undefined)
      throw new Error(`Chunk ${number} of the held updates of job ${jobId} is missing`);
    return readHeldUpdates(chunk);
  }
}

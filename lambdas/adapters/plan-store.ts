import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { PlannedEntry } from '../contract/views.ts';
import { readPlan } from '../domain/plan.ts';
import type { Plans } from '../domain/ports.ts';
import { putChunks } from './chunk-items.ts';
import { planKey, planPartition } from './job-items.ts';
import { piecesOf, readPartition } from './pieces.ts';

/** Keeps plans in the Jobs table, each chunk in pieces under a partition key of its own. */
export class PlanStore implements Plans {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async store(jobId: string, chunks: readonly Uint8Array[], createdAt: number): Promise<void> {
    const placed = chunks.flatMap((chunk, number) =>
      piecesOf(chunk).map((piece, position) => ({ key: planKey(jobId, number, position), chunk: piece })),
    );
    await putChunks(this.#client, this.#table, placed, createdAt);
  }

  async readChunk(jobId: string, number: number): Promise<PlannedEntry[]> {
    const pieces = await readPartition(this.#client, this.#table, planPartition(jobId, number));
    if (pieces.length === 0) throw new Error(`Chunk ${number} of the plan of job ${jobId} is missing`);
    return readPlan(Buffer.concat(pieces.map(({ chunk }) => chunk as Uint8Array)));
  }
}

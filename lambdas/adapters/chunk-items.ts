import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import { partExpiry } from './job-items.ts';

/** How many chunks of a job are written at a time. */
const WRITES_IN_FLIGHT = 8;

/** The key of an item of the Jobs table. */
export interface ChunkKey {
  jobId: string;
  part: string;
}

/** A chunk of a job, or a piece of one, and where it lies. */
export interface PlacedChunk {
  key: ChunkKey;
  chunk: Uint8Array;
}

/** Stores the chunks of a job. */
export async function putChunks(
  client: DynamoDBDocumentClient,
  table: string,
  chunks: readonly PlacedChunk[],
  createdAt: number,
): Promise<void> {
  const expiresAt = partExpiry(createdAt);
  const put = ({ key, chunk }: PlacedChunk) =>
    client.send(new PutCommand({ TableName: table, Item: { ...key, chunk, expiresAt } }));
  await pMap(chunks, put, { concurrency: WRITES_IN_FLIGHT });
}

/** Finds a chunk. None ever changes, so a read that may be behind, for half of the units, misses it at worst. */
export async function findChunk(
  client: DynamoDBDocumentClient,
  table: string,
  Key: ChunkKey,
): Promise<Uint8Array | undefined> {
  const find = async (ConsistentRead: boolean): Promise<Uint8Array | undefined> => {
    const { Item } = await client.send(new GetCommand({ TableName: table, Key, ConsistentRead }));
    return Item?.chunk;
  };
  return (await find(false)) ?? (await find(true));
}

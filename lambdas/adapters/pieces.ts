import { type DynamoDBDocumentClient, paginateQuery } from '@aws-sdk/lib-dynamodb';

/**
 * Maximum number of bytes of a piece. What is cut into pieces may hold a whole process, which compresses badly: more than
 * the 400 KB of an item of DynamoDB.
 */
const PIECE_BYTES = 350 * 1024;

/**
 * Reads what lies under the partition key of pieces, in their order.
 * @param isConsistent - else some of what was just written may be missing, for half of the read units
 */
export async function readPartition(
  client: DynamoDBDocumentClient,
  table: string,
  partition: string,
  isConsistent = true,
): Promise<Record<string, unknown>[]> {
  const pages = paginateQuery(
    { client },
    {
      TableName: table,
      KeyConditionExpression: '#jobId = :jobId',
      ExpressionAttributeNames: { '#jobId': 'jobId' },
      ExpressionAttributeValues: { ':jobId': partition },
      ConsistentRead: isConsistent,
    },
  );
  const items: Record<string, unknown>[] = [];
  for await (const { Items = [] } of pages) items.push(...Items);
  return items;
}

/** Cuts bytes into pieces that fit an item. */
export function piecesOf(bytes: Uint8Array): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let from = 0; from < bytes.length; from += PIECE_BYTES) {
    pieces.push(bytes.subarray(from, from + PIECE_BYTES));
  }
  return pieces;
}

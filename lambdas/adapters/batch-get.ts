import {
  BatchGetCommand,
  type BatchGetCommandInput,
  type DynamoDBDocumentClient,
} from '@aws-sdk/lib-dynamodb';

/**
 * The maximum number of keys of a BatchGetItem.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html
 */
export const MAX_KEYS = 100;

/** Attempts in a row that read nothing, with pauses of 50 ms, 100 ms, … and jitter between them. */
const MAX_ATTEMPTS = 5;
const FIRST_PAUSE_MS = 50;

type Request = NonNullable<BatchGetCommandInput['RequestItems']>[string];

/**
 * Reads up to MAX_KEYS items of one table.
 *
 * DynamoDB leaves keys unread when it throttles, and when the items have more than 16 MB together. Those are asked for
 * again: at once where some were read, else after a pause.
 *
 * @throws when none is read any more
 */
export async function batchGet(
  client: DynamoDBDocumentClient,
  table: string,
  request: Request,
  pause: (ms: number) => Promise<unknown>,
): Promise<Record<string, unknown>[]> {
  const items: Record<string, unknown>[] = [];
  let keys = request.Keys ?? [];
  for (let attempt = 1; keys.length > 0; attempt++) {
    const { Responses, UnprocessedKeys } = await client.send(
      new BatchGetCommand({ RequestItems: { [table]: { ...request, Keys: keys } } }),
    );
    items.push(...(Responses?.[table] ?? []));
    const left = UnprocessedKeys?.[table]?.Keys ?? [];
    if (left.length < keys.length) attempt = 0;
    else if (attempt === MAX_ATTEMPTS) throw new Error(`DynamoDB left ${left.length} keys of a batch unread`);
    else await pause(FIRST_PAUSE_MS * 2 ** (attempt - 1) * (0.5 + Math.random()));
    keys = left;
  }
  return items;
}

import {
  type AttributeValue,
  ConditionalCheckFailedException,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, PutCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Process } from '../contract/process.ts';
import { ContentionError, isItemTooLarge } from './aws-errors.ts';
import { UNMARSHALL_OPTIONS } from './document-client.ts';
import type { Write } from './process-write.ts';
import { storable } from './storable.ts';

/**
 * The maximum number of items of a transaction, one of them written and one, at most, known to be missing.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 */
const MAX_DELETED = 98;

/** What has to hold of other processes for one to be alive: of all with one primary key, one is. */
export interface Rivals {
  /** Ids of those that are deleted, or gone. */
  deleted: readonly string[];
  /** Id that the next one would be created with. */
  missing?: string;
}

/** Written; or the process that was there; or one of the rivals is alive, or there; or an item is larger than may be stored. */
export type Put = 'WRITTEN' | { conflict: Process | undefined } | { rival: string } | 'TOO_LARGE';

/** Puts a process unless there is one of its id, and its rivals are as told. */
export async function putProcess(
  client: DynamoDBDocumentClient,
  table: string,
  process: Process,
  rivals: Rivals,
): Promise<Put> {
  const put = {
    TableName: table,
    Item: Object.fromEntries(Object.entries(process).map(([name, value]) => [name, storable(value)])),
    ConditionExpression: 'attribute_not_exists(#id)',
    ExpressionAttributeNames: { '#id': 'id' },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
  };
  if (rivals.deleted.length > 0) return writeTogether(client, table, { Put: put }, rivals);
  try {
    await client.send(new PutCommand(put));
    return 'WRITTEN';
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return { conflict: readItem(error.Item) };
    if (error instanceof Error && isItemTooLarge(error)) return 'TOO_LARGE';
    throw error;
  }
}

/** Writes a process, if its rivals are as told: for twice the units of the write alone. */
export async function writeBesides(
  client: DynamoDBDocumentClient,
  table: string,
  write: Write,
  rivals: Rivals,
): Promise<Put> {
  const { ReturnValues: _returned, ...update } = write;
  return writeTogether(client, table, { Update: { TableName: table, ...update } as TransactUpdate }, rivals);
}

type TransactItem = NonNullable<TransactWriteCommand['input']['TransactItems']>[number];
type TransactUpdate = NonNullable<TransactItem['Update']>;

async function writeTogether(
  client: DynamoDBDocumentClient,
  table: string,
  write: TransactItem,
  { deleted, missing }: Rivals,
): Promise<Put> {
  const checks = deleted.slice(-MAX_DELETED).map((id) => ({ id, isDeleted: true }));
  const all = missing === undefined ? checks : [...checks, { id: missing, isDeleted: false }];
  try {
    await client.send(
      new TransactWriteCommand({ TransactItems: [write, ...all.map((check) => checkOf(table, check))] }),
    );
    return 'WRITTEN';
  } catch (error) {
    if (error instanceof Error && isItemTooLarge(error)) return 'TOO_LARGE';
    if (!(error instanceof TransactionCanceledException)) throw error;
    const [written, ...checked] = error.CancellationReasons ?? [];
    if (written?.Code === FAILED) return { conflict: readItem(written.Item) };
    if (written?.Code === 'ValidationError' && isItemTooLarge({ name: '', message: written.Message ?? '' }))
      return 'TOO_LARGE';
    const rival = all[checked.findIndex(({ Code }) => Code === FAILED)];
    if (rival !== undefined) return { rival: rival.id };
    // Another transaction was at one of the items at the same time.
    throw new ContentionError(`A transaction was cancelled: ${error.message}`);
  }
}

const FAILED = 'ConditionalCheckFailed';

function checkOf(table: string, { id, isDeleted }: { id: string; isDeleted: boolean }): TransactItem {
  const key = { TableName: table, Key: { id } };
  if (!isDeleted) {
    const names = { '#id': 'id' };
    const ConditionExpression = 'attribute_not_exists(#id)';
    return { ConditionCheck: { ...key, ConditionExpression, ExpressionAttributeNames: names } };
  }
  return {
    ConditionCheck: {
      ...key,
      ConditionExpression: 'attribute_not_exists(#id) OR #isDeleted=:true',
      ExpressionAttributeNames: { '#id': 'id', '#isDeleted': 'isDeleted' },
      ExpressionAttributeValues: { ':true': true },
    },
  };
}

function readItem(item: Record<string, AttributeValue> | undefined): Process | undefined {
  return item === undefined ? undefined : (unmarshall(item, UNMARSHALL_OPTIONS) as Process);
}

import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { IdempotencyRecord, IdempotencyRecords } from '../domain/ports.ts';

/** How long a key is remembered. */
const RECORD_SECONDS = 24 * 60 * 60;

/** Keeps Idempotency-Keys in the Jobs table. */
export class IdempotencyStore implements IdempotencyRecords {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async take(
    record: IdempotencyRecord,
    now: number,
    replaced?: string,
  ): Promise<IdempotencyRecord | undefined> {
    const seconds = Math.floor(now / 1000);
    const { team: _team, key: _key, jobId, ...rest } = record;
    try {
      await this.#client.send(
        new PutCommand({
          TableName: this.#table,
          Item: { ...keyOf(record), claimedBy: jobId, ...rest, expiresAt: seconds + RECORD_SECONDS },
          // The TTL removes an expired record only some time later.
          ConditionExpression:
            replaced === undefined ? 'attribute_not_exists(#part) OR #expiresAt <= :now' : '#job = :replaced',
          ExpressionAttributeNames:
            replaced === undefined ? { '#part': 'part', '#expiresAt': 'expiresAt' } : { '#job': 'claimedBy' },
          ExpressionAttributeValues: replaced === undefined ? { ':now': seconds } : { ':replaced': replaced },
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
      return undefined;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      const standing = error.Item === undefined ? {} : unmarshall(error.Item);
      const { claimedBy, fingerprint, acceptingUntil } = standing;
      // A repetition whose first response was lost.
      if (claimedBy === jobId) return undefined;
      return { ...record, jobId: claimedBy, fingerprint, acceptingUntil };
    }
  }

  async release(record: IdempotencyRecord): Promise<void> {
    try {
      await this.#client.send(
        new DeleteCommand({
          TableName: this.#table,
          Key: keyOf(record),
          ConditionExpression: '#job = :job',
          ExpressionAttributeNames: { '#job': 'claimedBy' },
          ExpressionAttributeValues: { ':job': record.jobId },
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }
}

/** Job ids are UUIDs, so no job has this key. */
function keyOf({ team, key }: IdempotencyRecord): { jobId: string; part: string } {
  return { jobId: `team#${team}`, part: `idempotency#${key}` };
}

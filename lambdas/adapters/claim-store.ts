import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Claim, Claims } from '../domain/ports.ts';

/** A key is good for so long. */
const CLAIM_SECONDS = 24 * 60 * 60;

/** Keeps Idempotency-Keys in the Jobs table. */
export class ClaimStore implements Claims {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async take(claim: Claim, now: number, replaced?: string): Promise<Claim | undefined> {
    const seconds = Math.floor(now / 1000);
    const { team: _team, key: _key, jobId, ...rest } = claim;
    try {
      await this.#client.send(
        new PutCommand({
          TableName: this.#table,
          Item: { ...keyOf(claim), claimedBy: jobId, ...rest, expiresAt: seconds + CLAIM_SECONDS },
          // The TTL removes an expired claim only some time later.
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
      // A repetition whose first answer was lost.
      if (claimedBy === jobId) return undefined;
      return { ...claim, jobId: claimedBy, fingerprint, acceptingUntil };
    }
  }

  async release(claim: Claim): Promise<void> {
    try {
      await this.#client.send(
        new DeleteCommand({
          TableName: this.#table,
          Key: keyOf(claim),
          ConditionExpression: '#job = :job',
          ExpressionAttributeNames: { '#job': 'claimedBy' },
          ExpressionAttributeValues: { ':job': claim.jobId },
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }
}

/** Job ids are UUIDs, so this key is none of theirs. */
function keyOf({ team, key }: Claim): { jobId: string; part: string } {
  return { jobId: `team#${team}`, part: `idempotency#${key}` };
}

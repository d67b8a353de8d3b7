import { randomInt } from 'node:crypto';
import { DeleteCommand, type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { WAITING_PREFIX } from '../contract/tables.ts';
import { isWritten } from './aws-errors.ts';

/** A place that a waiting request holds, until it leaves or its time is over. */
export interface WaitingPlace {
  /** Job ids are UUIDs, so no job has this key; each place has a partition key of its own. */
  readonly jobId: string;
  readonly until: number;
}

const PART = 'place';

/** The most places that are tried before all count as taken. */
const MAX_TRIES = 3;

/** A place is held for the wait and one more read of the job. A request that is killed holds it no longer than that. */
const LAST_READ_MS = 5_000;

/**
 * Bounds how many requests wait at a time, in the Jobs table. Each holds an environment of its function and so a part of
 * the account's concurrency, which apply needs for the very jobs that are waited for. Reserved concurrency would refuse
 * the requests beyond it, and a new account, which has ten, can reserve none.
 */
export class WaitingPlaces {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #places: number;

  constructor(client: DynamoDBDocumentClient, table: string, places: number) {
    this.#client = client;
    this.#table = table;
    this.#places = places;
  }

  /**
   * Takes a place.
   * @returns undefined when none was free
   */
  async take(now: number, waitMs: number): Promise<WaitingPlace | undefined> {
    const tries = Math.min(this.#places, MAX_TRIES);
    const first = tries === 0 ? 0 : randomInt(this.#places);
    for (let i = 0; i < tries; i += 1) {
      const place = {
        jobId: `${WAITING_PREFIX}${(first + i) % this.#places}`,
        until: now + waitMs + LAST_READ_MS,
      };
      if (await this.#hold(place, now)) return place;
    }
    return undefined;
  }

  /** Gives a place back. One that cannot be given back ends by itself. */
  async leave({ jobId, until }: WaitingPlace): Promise<void> {
    await this.#isDone(
      new DeleteCommand({
        TableName: this.#table,
        Key: { jobId, part: PART },
        // Unless its time is over, and another request has taken it.
        ConditionExpression: '#until = :until',
        ExpressionAttributeNames: { '#until': 'until' },
        ExpressionAttributeValues: { ':until': until },
      }),
    ).catch(() => false);
  }

  #hold(place: WaitingPlace, now: number): Promise<boolean> {
    return this.#isDone(
      new PutCommand({
        TableName: this.#table,
        Item: { ...place, part: PART, expiresAt: Math.ceil(place.until / 1000) },
        ConditionExpression: 'attribute_not_exists(#until) OR #until < :now',
        ExpressionAttributeNames: { '#until': 'until' },
        ExpressionAttributeValues: { ':now': now },
      }),
    );
  }

  /** Whether a conditional write was made. */
  #isDone(write: PutCommand | DeleteCommand): Promise<boolean> {
    return isWritten(this.#client.send(write as PutCommand));
  }
}

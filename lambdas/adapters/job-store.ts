import { randomUUID } from 'node:crypto';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  paginateQuery,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import type { EntryErrorCode } from '../domain/errors.ts';
import { type Job, RETENTION_MS, type ResultBatch } from '../domain/job.ts';
import type { Outcome } from '../domain/merge.ts';
import type { Jobs, Submission } from '../domain/ports.ts';

/** Sort keys of a job's items: its header, the chunks of its submission, and its log of results. */
const HEADER = 'header';
const RESULT_PREFIX = 'result#';
const submissionPart = (chunk: number) => `submission#${String(chunk).padStart(5, '0')}`;

/** So many chunks of a submission are written at a time. */
const WRITES_IN_FLIGHT = 8;

/** A logged result: index, outcome or error code, attempts, and the process id where it had to be found. */
type ResultRow = [index: number, result: Outcome | EntryErrorCode, attempts: number, processId?: string];

const OUTCOMES: readonly string[] = ['APPLIED', 'UNCHANGED', 'SUPERSEDED'] satisfies Outcome[];

export class JobStore implements Jobs {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async nextSequence(team: string): Promise<number> {
    const { Attributes } = await this.#client.send(
      new UpdateCommand({
        TableName: this.#table,
        // Job ids are UUIDs, so this key is none of theirs.
        Key: { jobId: `team#${team}`, part: 'sequence' },
        UpdateExpression: 'ADD #sequence :one',
        ExpressionAttributeNames: { '#sequence': 'sequence' },
        ExpressionAttributeValues: { ':one': 1 },
        ReturnValues: 'UPDATED_NEW',
      }),
    );
    return Attributes?.sequence as number;
  }

  async create(job: Job, { chunks }: Submission): Promise<void> {
    const expiresAt = expiry(job.createdAt);
    await pMap(
      chunks,
      (chunk, number) => this.#put({ jobId: job.id, part: submissionPart(number), chunk, expiresAt }),
      { concurrency: WRITES_IN_FLIGHT },
    );
    const { id: jobId, ...header } = job;
    await this.#put({ jobId, part: HEADER, ...header, expiresAt });
  }

  async markQueued(jobId: string, queuedAt: number): Promise<void> {
    await this.#setOnHeader(jobId, 'queuedAt', queuedAt);
  }

  async markFailed(jobId: string, failedAt: number): Promise<void> {
    await this.#setOnHeader(jobId, 'acceptingUntil', failedAt);
  }

  async appendResults(jobId: string, { results, ...times }: ResultBatch): Promise<void> {
    const rows = results.map(({ index, result, attempts, processId }): ResultRow => {
      const code = 'outcome' in result ? result.outcome : result.error;
      return processId === undefined ? [index, code, attempts] : [index, code, attempts, processId];
    });
    await this.#put({
      jobId,
      part: `${RESULT_PREFIX}${randomUUID()}`,
      ...times,
      rows: JSON.stringify(rows),
      expiresAt: expiry(times.completedAt),
    });
  }

  /** The header of a job of any team, or undefined. */
  async find(jobId: string): Promise<Job | undefined> {
    const { Item } = await this.#client.send(
      new GetCommand({ TableName: this.#table, Key: { jobId, part: HEADER }, ConsistentRead: true }),
    );
    if (Item === undefined) return undefined;
    const { jobId: id, part: _part, expiresAt: _expiresAt, ...header } = Item;
    return { id, ...header } as Job;
  }

  /** A job's whole log of results, strongly consistent, so that counts never go backwards. */
  async readResults(jobId: string): Promise<ResultBatch[]> {
    const pages = paginateQuery(
      { client: this.#client },
      {
        TableName: this.#table,
        KeyConditionExpression: '#jobId = :jobId AND begins_with(#part, :prefix)',
        ExpressionAttributeNames: { '#jobId': 'jobId', '#part': 'part' },
        ExpressionAttributeValues: { ':jobId': jobId, ':prefix': RESULT_PREFIX },
        ConsistentRead: true,
      },
    );
    const log: ResultBatch[] = [];
    for await (const { Items = [] } of pages) log.push(...Items.map(readBatch));
    return log;
  }

  async #put(Item: Record<string, unknown>): Promise<void> {
    await this.#client.send(new PutCommand({ TableName: this.#table, Item }));
  }

  async #setOnHeader(jobId: string, name: keyof Job, value: number): Promise<void> {
    await this.#client.send(
      new UpdateCommand({
        TableName: this.#table,
        Key: { jobId, part: HEADER },
        UpdateExpression: 'SET #name = :value',
        ExpressionAttributeNames: { '#name': name },
        ExpressionAttributeValues: { ':value': value },
      }),
    );
  }
}

function readBatch({ startedAt, completedAt, effectiveAt, rows }: Record<string, unknown>): ResultBatch {
  return {
    startedAt: startedAt as number,
    completedAt: completedAt as number,
    ...(effectiveAt === undefined ? {} : { effectiveAt: effectiveAt as number }),
    results: (JSON.parse(rows as string) as ResultRow[]).map(([index, result, attempts, processId]) => ({
      index,
      result: isOutcome(result) ? { outcome: result } : { error: result },
      attempts,
      ...(processId === undefined ? {} : { processId }),
    })),
  };
}

function isOutcome(result: Outcome | EntryErrorCode): result is Outcome {
  return OUTCOMES.includes(result);
}

/** The TTL attribute counts in seconds. */
function expiry(from: number): number {
  return Math.floor((from + RETENTION_MS) / 1000);
}

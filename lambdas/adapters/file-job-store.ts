import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { definedOf } from '../contract/defined-of.ts';
import { FILE_QUEUE_PREFIX } from '../contract/tables.ts';
import type { FileJob } from '../domain/file-header.ts';
import {
  type ChunkCounts,
  COUNTED,
  type FileProgress,
  NO_COUNTS,
  nothingRead,
  padded,
  type StoredChunk,
} from '../domain/file-job.ts';
import type { StoredJob } from '../domain/job.ts';
import type { ChunkReport, FileJobs, ReadSoFar } from '../domain/ports.ts';
import { ContentionError, isWritten } from './aws-errors.ts';
import { FILE_PROGRESS, HEADER, partExpiry } from './job-items.ts';

const CHUNK_PREFIX = 'chunk#';

/** Keeps how far file jobs are beside their headers, in the Jobs table, and an item for each chunk. */
export class FileJobStore implements FileJobs {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #now: () => number;

  constructor(client: DynamoDBDocumentClient, table: string, now = Date.now) {
    this.#client = client;
    this.#table = table;
    this.#now = now;
  }

  async begin(jobId: string, createdAt: number): Promise<void> {
    const expiresAt = partExpiry(createdAt);
    const { open: _none, counts, ...progress } = nothingRead();
    const put = new PutCommand({
      TableName: this.#table,
      Item: { jobId, part: FILE_PROGRESS, ...progress, ...counts, expiresAt },
      ConditionExpression: 'attribute_not_exists(#part)',
      ExpressionAttributeNames: { '#part': 'part' },
    });
    await this.#isDone(put);
  }

  async markAccepted({ id }: StoredJob, accepted: NonNullable<FileJob['accepted']>): Promise<boolean> {
    return this.#isDone(
      new UpdateCommand({
        TableName: this.#table,
        Key: { jobId: id, part: HEADER },
        UpdateExpression: 'SET #file.#accepted = :accepted',
        ConditionExpression: 'attribute_not_exists(#file.#accepted) AND attribute_not_exists(#stopped)',
        ExpressionAttributeNames: { '#file': 'fileJob', '#accepted': 'accepted', '#stopped': 'stopped' },
        ExpressionAttributeValues: { ':accepted': accepted },
      }),
    );
  }

  async find(jobId: string): Promise<FileProgress | undefined> {
    const { Item } = await this.#client.send(
      new GetCommand({ TableName: this.#table, Key: { jobId, part: FILE_PROGRESS }, ConsistentRead: true }),
    );
    return Item === undefined ? undefined : readProgress(Item);
  }

  /**
   * When a chunk was last read, given a job, or reported, or the job's turn came; epoch ms.
   * @returns undefined while the job waits for others of its team, and before it was looked at
   */
  async movedAt(jobId: string): Promise<number | undefined> {
    const { Item } = await this.#client.send(
      new GetCommand({
        TableName: this.#table,
        Key: { jobId, part: FILE_PROGRESS },
        ProjectionExpression: '#movedAt, #isWaiting',
        ExpressionAttributeNames: { '#movedAt': 'movedAt', '#isWaiting': 'isWaiting' },
      }),
    );
    return Item?.isWaiting ? undefined : (Item?.movedAt as number | undefined);
  }

  async addChunk({ id: jobId, createdAt }: StoredJob, chunk: StoredChunk, read: ReadSoFar): Promise<boolean> {
    // Before it is counted: whoever counts to it finds it. What another invocation puts there is the same.
    const put = new PutCommand({
      TableName: this.#table,
      Item: {
        ...chunkKey(jobId, chunk.row),
        ...definedOf({
          rows: chunk.rows,
          number: chunk.number,
          from: chunk.from,
          again: chunk.again,
          isBroken: chunk.isBroken,
        }),
        expiresAt: partExpiry(createdAt),
      },
      ConditionExpression: 'attribute_not_exists(#part)',
      ExpressionAttributeNames: { '#part': 'part' },
    });
    await this.#isDone(put);
    return this.#read(jobId, chunk.number, { ...read, chunks: chunk.number + 1 });
  }

  async markRead(jobId: string, chunks: number, read: Partial<ReadSoFar>): Promise<boolean> {
    return this.#read(jobId, chunks, read);
  }

  /** Notes what is read, if as many chunks are noted as that was read after. */
  #read(jobId: string, chunks: number, read: Partial<ReadSoFar> & { chunks?: number }): Promise<boolean> {
    return this.#set(jobId, definedOf(read), {
      ConditionExpression: '#chunksBefore = :chunksBefore AND #final = :false',
      names: { '#chunksBefore': 'chunks', '#final': 'isTotalFinal' },
      values: { ':chunksBefore': chunks, ':false': false },
    });
  }

  async chunksFrom(jobId: string, row: number, limit: number): Promise<StoredChunk[]> {
    const query = (condition: string, input: object) =>
      this.#client.send(
        new QueryCommand({
          TableName: this.#table,
          KeyConditionExpression: `#jobId = :jobId AND #part ${condition}`,
          ExpressionAttributeNames: { '#jobId': 'jobId', '#part': 'part' },
          ConsistentRead: true,
          ...input,
        }),
      );
    const at = chunkKey(jobId, row).part;
    // The one that has the row, then those after it.
    const { Items: [first] = [] } = await query('BETWEEN :prefix AND :at', {
      ExpressionAttributeValues: { ':jobId': jobId, ':prefix': CHUNK_PREFIX, ':at': at },
      ScanIndexForward: false,
      Limit: 1,
    });
    if (first === undefined) return [];
    if (limit === 1) return [readChunk(first)];
    const { Items = [] } = await query('BETWEEN :from AND :end', {
      ExpressionAttributeValues: { ':jobId': jobId, ':from': first.part, ':end': `${CHUNK_PREFIX}~` },
      Limit: limit,
    });
    return Items.map(readChunk);
  }

  async markReleased(
    jobId: string,
    { row, rows }: StoredChunk,
    canary: number | undefined,
  ): Promise<boolean> {
    return this.#set(
      jobId,
      definedOf({ released: row + rows, canary }),
      {
        ConditionExpression: '#released = :row',
        names: { '#released': 'released', '#open': 'open' },
        values: { ':row': row, ':rows': new Set([row]) },
      },
      ' ADD #open :rows',
    );
  }

  async report(jobId: string, chunk: StoredChunk, report: ChunkReport): Promise<boolean> {
    const { counts, retryable, startedAt, lastAt, isGivenUp = false } = report;
    const before = chunk.counts ?? NO_COUNTS;
    const known = (await this.find(jobId)) ?? nothingRead();
    const started = Math.min(...[known.startedAt, startedAt].filter((time) => time > 0));
    const isFirst = chunk.counts === undefined;
    const sum = {
      TableName: this.#table,
      Key: { jobId, part: FILE_PROGRESS },
      UpdateExpression: `SET ${
        isGivenUp ? '#released = :end, ' : ''
      }#startedAt = :startedAt, #lastAt = :lastAt, #movedAt = :movedAt ADD ${COUNTED.map((name) => `#${name} :${name}`).join(', ')}, #retryable :retryable, #surplus :surplus${
        isFirst && !isGivenUp ? ' DELETE #open :rows' : ''
      }`,
      ...(isGivenUp && { ConditionExpression: '#released = :row' }),
      ExpressionAttributeNames: {
        ...Object.fromEntries(COUNTED.map((status) => [`#${status}`, status])),
        '#retryable': 'retryable',
        '#surplus': 'surplus',
        '#startedAt': 'startedAt',
        '#lastAt': 'lastAt',
        '#movedAt': 'movedAt',
        ...(isGivenUp && { '#released': 'released' }),
        ...(isFirst && !isGivenUp && { '#open': 'open' }),
      },
      ExpressionAttributeValues: {
        ...Object.fromEntries(COUNTED.map((status) => [`:${status}`, counts[status] - before[status]])),
        ':retryable': retryable - (chunk.retryable ?? 0),
        ':surplus': entriesIn(counts) - (isFirst ? chunk.rows : entriesIn(before)),
        ':startedAt': Number.isFinite(started) ? started : 0,
        ':lastAt': Math.max(known.lastAt, lastAt),
        ':movedAt': this.#now(),
        ...(isGivenUp && { ':row': chunk.row, ':end': chunk.row + chunk.rows }),
        ...(isFirst && !isGivenUp && { ':rows': new Set([chunk.row]) }),
      },
    };
    const note = {
      TableName: this.#table,
      Key: chunkKey(jobId, chunk.row),
      UpdateExpression: 'SET #counts = :counts, #retryable = :retryable',
      ConditionExpression: isFirst
        ? 'attribute_exists(#part) AND attribute_not_exists(#counts)'
        : '#counts = :before AND #retryable = :retryableBefore',
      ExpressionAttributeNames: definedOf({
        '#counts': 'counts',
        '#retryable': 'retryable',
        '#part': isFirst ? 'part' : undefined,
      }),
      ExpressionAttributeValues: definedOf({
        ':counts': counts,
        ':retryable': retryable,
        ':before': isFirst ? undefined : before,
        ':retryableBefore': isFirst ? undefined : (chunk.retryable ?? 0),
      }),
    };
    try {
      await this.#client.send(
        new TransactWriteCommand({ TransactItems: [{ Update: note }, { Update: sum }] }),
      );
      return true;
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      const codes = error.CancellationReasons?.map(({ Code }) => Code) ?? [];
      if (codes.includes('ConditionalCheckFailed')) return false;
      // Reading notes how far it is in the same item.
      throw new ContentionError(`A report was cancelled: ${error.message}`);
    }
  }

  async markRecounted(jobId: string, row: number): Promise<void> {
    await this.#set(jobId, { recounted: row });
  }

  async markWaiting(jobId: string, isWaiting: boolean): Promise<void> {
    await this.#set(jobId, { isWaiting });
  }

  async queue(job: StoredJob): Promise<void> {
    const Item = { ...placeOf(job), expiresAt: partExpiry(job.createdAt) };
    await this.#client.send(new PutCommand({ TableName: this.#table, Item }));
  }

  async isAmongFirst(job: StoredJob, count: number): Promise<boolean> {
    const { Items = [] } = await this.#client.send(
      new QueryCommand({
        TableName: this.#table,
        KeyConditionExpression: '#jobId = :partition',
        ExpressionAttributeNames: { '#jobId': 'jobId' },
        ExpressionAttributeValues: { ':partition': placeOf(job).jobId },
        ConsistentRead: true,
        Limit: count,
      }),
    );
    return Items.some(({ part }) => part === placeOf(job).part);
  }

  async takeTurn(job: StoredJob, count: number): Promise<boolean> {
    return this.#isDone(
      new UpdateCommand({
        TableName: this.#table,
        Key: turnsOf(job),
        UpdateExpression: 'SET #expiresAt = :expiresAt ADD #jobs :jobs',
        ConditionExpression: 'attribute_not_exists(#jobs) OR size(#jobs) < :count OR contains(#jobs, :id)',
        ExpressionAttributeNames: { '#expiresAt': 'expiresAt', '#jobs': 'jobs' },
        ExpressionAttributeValues: {
          ':expiresAt': partExpiry(this.#now()),
          ':jobs': new Set([job.id]),
          ':count': count,
          ':id': job.id,
        },
      }),
    );
  }

  async leave(job: StoredJob): Promise<void> {
    await this.#client.send(new DeleteCommand({ TableName: this.#table, Key: placeOf(job) }));
    await this.#isDone(
      new UpdateCommand({
        TableName: this.#table,
        Key: turnsOf(job),
        UpdateExpression: 'DELETE #jobs :jobs',
        ConditionExpression: 'contains(#jobs, :id)',
        ExpressionAttributeNames: { '#jobs': 'jobs' },
        ExpressionAttributeValues: { ':jobs': new Set([job.id]), ':id': job.id },
      }),
    );
  }

  /** Sets attributes of the progress. @returns whether the condition held */
  #set(
    jobId: string,
    attributes: object,
    condition: Pick<UpdateCommandInput, 'ConditionExpression'> & {
      names?: Record<string, string>;
      values?: Record<string, unknown>;
    } = {},
    more = '',
  ): Promise<boolean> {
    const { names = {}, values = {}, ...expression } = condition;
    const entries = Object.entries({ ...attributes, movedAt: this.#now() });
    return this.#isDone(
      new UpdateCommand({
        TableName: this.#table,
        Key: { jobId, part: FILE_PROGRESS },
        UpdateExpression: `SET ${entries.map((_, i) => `#${i} = :${i}`).join(', ')}${more}`,
        ExpressionAttributeNames: {
          ...Object.fromEntries(entries.map(([name], i) => [`#${i}`, name])),
          ...names,
        },
        ExpressionAttributeValues: {
          ...Object.fromEntries(entries.map(([, value], i) => [`:${i}`, value])),
          ...values,
        },
        ...expression,
      }),
    );
  }

  /** Whether a conditional write was made. */
  #isDone(write: PutCommand | UpdateCommand): Promise<boolean> {
    return isWritten(this.#client.send(write as PutCommand));
  }
}

/** Reads how far a job is out of its item. */
export function readProgress(item: Record<string, unknown>): FileProgress {
  const { jobId: _jobId, part: _part, expiresAt: _expiresAt, movedAt: _movedAt, open, ...progress } = item;
  return {
    ...Object.fromEntries(Object.entries(progress).filter(([name]) => !Object.hasOwn(NO_COUNTS, name))),
    open: [...((open as Set<number> | undefined) ?? [])].sort((a, b) => a - b),
    counts: Object.fromEntries(COUNTED.map((name) => [name, progress[name]])),
  } as unknown as FileProgress;
}

function readChunk({ part, expiresAt: _expiresAt, jobId: _jobId, ...chunk }: Record<string, unknown>) {
  return { row: Number(String(part).slice(CHUNK_PREFIX.length)), ...chunk } as StoredChunk;
}

function chunkKey(jobId: string, row: number) {
  return { jobId, part: `${CHUNK_PREFIX}${padded(row)}` };
}

function entriesIn({ INVALID, SUCCESS, ERROR, CANCELLED }: ChunkCounts): number {
  return INVALID + SUCCESS + ERROR + CANCELLED;
}

/** Where the jobs of a team are that have their turn: after their places. */
function turnsOf({ team }: StoredJob) {
  return { jobId: `${FILE_QUEUE_PREFIX}${team}`, part: 'turns' };
}

/** The place of a job among its team's file jobs. */
function placeOf({ id, team, fileJob }: StoredJob) {
  return {
    jobId: `${FILE_QUEUE_PREFIX}${team}`,
    part: `${String(fileJob?.accepted?.sequence ?? 0).padStart(16, '0')}#${id}`,
  };
}

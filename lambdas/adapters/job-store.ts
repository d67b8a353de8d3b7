import { randomUUID } from 'node:crypto';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  paginateQuery,
  QueryCommand,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import { definedOf } from '../contract/defined-of.ts';
import { TEAM_INDEX } from '../contract/tables.ts';
import { type FileState, partId } from '../domain/file-job.ts';
import { type Compacted, countedEnd, type JobEnd, type Stopped, type StoredJob } from '../domain/job.ts';
import type { JobState, Jobs, JobsQuery, PageOfJobs } from '../domain/ports.ts';
import type { ResultBatch } from '../domain/results.ts';
import { isWritten } from './aws-errors.ts';
import { CompactResultsStore } from './compact-results-store.ts';
import { readProgress } from './file-job-store.ts';
import { ImageStore } from './image-store.ts';
import {
  FILE_PROGRESS,
  HEADER,
  headerItem,
  LATE_RESULT_PREFIX,
  RESULT_PREFIX,
  readHeader,
  readResults,
  resultItems,
} from './job-items.ts';

/**
 * The unit of time in the team's order of acceptance. With 10,000 entries a request, order numbers fit a double exactly
 * until the year 2255, and a team's counter keeps pace with the clock up to 100 requests a second.
 */
export const SEQUENCE_UNIT_MS = 10;

/** How many jobs of a list are read at a time. */
const READS_IN_FLIGHT = 8;

/** A plan that is neither approved nor discarded nor expired. */
const UNDECIDED_PLAN = {
  ConditionExpression:
    'attribute_exists(#plan) AND attribute_not_exists(#approved) AND attribute_not_exists(#stopped) AND attribute_not_exists(#end)',
  names: { '#plan': 'plan', '#approved': 'approved', '#stopped': 'stopped', '#end': 'end' },
};

export class JobStore implements Jobs {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #images: ImageStore;
  readonly #compact: CompactResultsStore;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
    this.#images = new ImageStore(client, table);
    this.#compact = new CompactResultsStore(client, table);
  }

  async nextSequence(team: string, now: number, count = 1): Promise<number> {
    const counter = {
      TableName: this.#table,
      // Job ids are UUIDs, so no job has this key.
      Key: { jobId: `team#${team}`, part: 'sequence' },
      ExpressionAttributeNames: { '#sequence': 'sequence' },
      ReturnValues: 'UPDATED_NEW' as const,
    };
    const present = Math.floor(now / SEQUENCE_UNIT_MS);
    try {
      await this.#client.send(
        new UpdateCommand({
          ...counter,
          UpdateExpression: 'SET #sequence=:present',
          ConditionExpression: 'attribute_not_exists(#sequence) OR #sequence<=:latest',
          ExpressionAttributeValues: { ':present': present, ':latest': present - count },
        }),
      );
      return present;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
    // The counter is at the present, or ahead of it.
    const { Attributes } = await this.#client.send(
      new UpdateCommand({
        ...counter,
        UpdateExpression: 'ADD #sequence :count',
        ExpressionAttributeValues: { ':count': count },
      }),
    );
    return Attributes?.sequence as number;
  }

  async create(job: StoredJob): Promise<void> {
    const put = new PutCommand({
      TableName: this.#table,
      Item: headerItem(job),
      ConditionExpression: 'attribute_not_exists(#part)',
      ExpressionAttributeNames: { '#part': 'part' },
    });
    try {
      await this.#client.send(put);
    } catch (error) {
      // A repetition whose first response was lost: meanwhile more may be known of the job.
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }

  async markQueued(jobId: string, queuedAt: number, notQueued: readonly number[]): Promise<void> {
    await this.#set(
      jobId,
      definedOf({ queuedAt, notQueued: notQueued.length > 0 ? [...notQueued] : undefined }),
    );
  }

  async markBrokenOff(jobId: string, at: number): Promise<void> {
    await this.#set(jobId, { acceptingUntil: at });
  }

  async markReleased(jobId: string, releasedTo: number, at: number): Promise<boolean> {
    const ConditionExpression =
      'attribute_exists(#jobId) AND attribute_not_exists(#stopped) AND (attribute_not_exists(#releasedTo) OR #releasedTo < :to)';
    const names = { '#jobId': 'jobId', '#stopped': 'stopped', '#releasedTo': 'releasedTo' };
    const values = { ':to': releasedTo };
    return this.#set(jobId, { releasedTo, releasedAt: at }, { ConditionExpression, names, values });
  }

  async markQueuedTo(jobId: string, queuedTo: number): Promise<void> {
    const ConditionExpression =
      'attribute_exists(#jobId) AND (attribute_not_exists(#queuedTo) OR #queuedTo < :to)';
    const names = { '#jobId': 'jobId', '#queuedTo': 'queuedTo' };
    await this.#set(jobId, { queuedTo }, { ConditionExpression, names, values: { ':to': queuedTo } });
  }

  async markStopped(jobId: string, stopped: Stopped): Promise<void> {
    const ConditionExpression =
      'attribute_exists(#jobId) AND attribute_not_exists(#end) AND attribute_not_exists(#stopped) AND attribute_not_exists(#cancelledAt)';
    // Earlier releases noted `cancelledAt`; see `readHeader`.
    const names = { '#jobId': 'jobId', '#end': 'end', '#stopped': 'stopped', '#cancelledAt': 'cancelledAt' };
    await this.#set(jobId, { stopped }, { ConditionExpression, names });
  }

  async markApproved(jobId: string, approved: NonNullable<StoredJob['approved']>): Promise<boolean> {
    return this.#set(jobId, { approved }, UNDECIDED_PLAN);
  }

  async markDiscarded(jobId: string, stopped: Stopped): Promise<boolean> {
    return this.#set(jobId, { stopped }, UNDECIDED_PLAN);
  }

  async markUndone(jobId: string, undo: StoredJob, instead: string | undefined): Promise<boolean> {
    const names = { '#undoneBy': 'undoneBy' };
    if (instead === undefined) {
      const ConditionExpression = 'attribute_not_exists(#undoneBy)';
      return this.#set(jobId, { undoneBy: undo }, { ConditionExpression, names });
    }
    return this.#set(
      jobId,
      { undoneBy: undo },
      {
        ConditionExpression: '#undoneBy.#id = :instead',
        names: { ...names, '#id': 'id' },
        values: { ':instead': instead },
      },
    );
  }

  async markAnnounced(jobId: string, at: number): Promise<void> {
    await this.#set(jobId, { announcedAt: at });
  }

  async markSeen(jobId: string, seen: NonNullable<StoredJob['seen']>): Promise<void> {
    await this.#set(jobId, { seen });
  }

  async close(jobId: string, end: JobEnd): Promise<boolean> {
    const ConditionExpression =
      'attribute_not_exists(#announcedAt) AND (attribute_not_exists(#end) OR #end = :end)';
    const names = { '#announcedAt': 'announcedAt', '#end': 'end' };
    return this.#set(jobId, { end }, { ConditionExpression, names, values: { ':end': end } });
  }

  async markCounted(jobId: string, end: JobEnd, at: number, compacted?: Compacted): Promise<void> {
    await this.#set(jobId, definedOf({ end, countedAt: at, compacted }));
  }

  async appendResults(jobId: string, batch: ResultBatch): Promise<void> {
    const prefix = batch.isLate ? LATE_RESULT_PREFIX : RESULT_PREFIX;
    for (const { attributes, images } of resultItems(batch)) {
      const part = `${prefix}${randomUUID()}`;
      const beside = await this.#images.store(jobId, part, images, attributes.expiresAt);
      await this.#client.send(
        new PutCommand({ TableName: this.#table, Item: { jobId, part, ...attributes, ...beside } }),
      );
    }
  }

  async find(jobId: string): Promise<StoredJob | undefined> {
    const { Item } = await this.#client.send(
      new GetCommand({ TableName: this.#table, Key: { jobId, part: HEADER }, ConsistentRead: true }),
    );
    return Item === undefined ? undefined : readHeader(Item);
  }

  async read(jobId: string): Promise<JobState | undefined> {
    return this.#read(jobId, () => true);
  }

  async readWhole(jobId: string): Promise<JobState | undefined> {
    const state = await this.#readHeader(jobId);
    return state === undefined || state.file !== undefined ? state : this.#withLog(state);
  }

  async readByChunk(jobId: string): Promise<JobState | undefined> {
    const state = await this.#readHeader(jobId);
    if (state === undefined || state.file !== undefined) return state;
    return state.job.compacted !== undefined && state.log.length === 0 ? state : this.#withLog(state);
  }

  async list<View>(
    team: string,
    { before, limit, lookedAt, mayBelong, isOver }: JobsQuery,
    view: (state: JobState) => View | undefined,
  ): Promise<PageOfJobs<View>> {
    const { Items = [], LastEvaluatedKey } = await this.#client.send(
      new QueryCommand({
        TableName: this.#table,
        IndexName: TEAM_INDEX,
        KeyConditionExpression: `#team = :team${before === undefined ? '' : ' AND #sequence < :before'}`,
        ExpressionAttributeNames: definedOf({
          '#team': 'team',
          '#sequence': before === undefined ? undefined : 'sequence',
        }),
        ExpressionAttributeValues: definedOf({ ':team': team, ':before': before }),
        ScanIndexForward: false,
        Limit: lookedAt,
      }),
    );
    // They are begun in their order, so those that were begun are the first of the page.
    let begun = 0;
    let found = 0;
    const read = async ({ jobId }: Record<string, unknown>, index: number): Promise<View | undefined> => {
      if (found >= limit || (index > 0 && isOver())) return undefined;
      begun += 1;
      const state = await this.#read(jobId as string, mayBelong);
      const shown = state === undefined ? undefined : view(state);
      if (shown !== undefined) found += 1;
      return shown;
    };
    const views = await pMap(Items, read, { concurrency: READS_IN_FLIGHT });
    const jobs: View[] = [];
    let position = 0;
    // Those that were read at the same time as the last of the page belong to the next one.
    for (; position < begun && jobs.length < limit; position++) {
      const shown = views[position];
      if (shown !== undefined) jobs.push(shown);
    }
    const isLast = position === Items.length && LastEvaluatedKey === undefined;
    return { jobs, before: isLast ? undefined : (Items[position - 1]?.sequence as number) };
  }

  /** Reads a job as it is now, with the results that its end does not stand for. */
  async #read(jobId: string, isWanted: (job: StoredJob) => boolean): Promise<JobState | undefined> {
    const state = await this.#readHeader(jobId);
    if (state === undefined || !isWanted(state.job)) return undefined;
    const isCounted = countedEnd(state.job) !== undefined && state.log.length === 0;
    return isCounted || state.file !== undefined ? state : this.#withLog(state);
  }

  /** The header with the late results, in one query of one read unit. */
  async #readHeader(jobId: string): Promise<JobState | undefined> {
    const [header, ...beside] = await this.#query(jobId, HEADER);
    // Results alone are left when the TTL has removed the header.
    if (header?.part !== HEADER) return undefined;
    const late = beside.filter(({ part }) => part !== FILE_PROGRESS);
    const state = { job: readHeader(header), log: late.map(readResults) };
    const progress = beside.find(({ part }) => part === FILE_PROGRESS);
    return progress === undefined ? state : { ...state, file: await this.#fileOf(jobId, progress) };
  }

  /** How far a file job is, with the headers of the jobs of its chunks that are not reported yet: a bounded number. */
  async #fileOf(jobId: string, item: Record<string, unknown>): Promise<FileState> {
    const progress = readProgress(item);
    const find = (row: number) => this.find(partId(jobId, row));
    const open = await pMap(progress.open, find, { concurrency: READS_IN_FLIGHT });
    return { progress, open: open.filter((job) => job !== undefined) };
  }

  async #withLog({ job, log }: JobState): Promise<JobState> {
    const results =
      job.compacted === undefined
        ? (await this.#query(job.id, RESULT_PREFIX)).map(readResults)
        : await this.#compact.readAll(job);
    return { job, log: [...log, ...results] };
  }

  /** Strongly consistent, so that counts never go backwards. */
  async #query(jobId: string, prefix: string): Promise<Record<string, unknown>[]> {
    const pages = paginateQuery(
      { client: this.#client },
      {
        TableName: this.#table,
        KeyConditionExpression: '#jobId = :jobId AND begins_with(#part, :prefix)',
        ExpressionAttributeNames: { '#jobId': 'jobId', '#part': 'part' },
        ExpressionAttributeValues: { ':jobId': jobId, ':prefix': prefix },
        ConsistentRead: true,
      },
    );
    const items: Record<string, unknown>[] = [];
    for await (const { Items = [] } of pages) items.push(...Items);
    return items;
  }

  /** Sets attributes of a header. @returns whether the condition held */
  async #set(
    jobId: string,
    attributes: Partial<StoredJob>,
    condition: {
      ConditionExpression?: string;
      names?: Record<string, string>;
      values?: Record<string, unknown>;
    } = {},
  ): Promise<boolean> {
    const { names = {}, values = {}, ...expression } = condition;
    const entries = Object.entries(attributes);
    const input: UpdateCommandInput = {
      TableName: this.#table,
      Key: { jobId, part: HEADER },
      UpdateExpression: `SET ${entries.map((_, i) => `#${i} = :${i}`).join(', ')}`,
      ExpressionAttributeNames: {
        ...Object.fromEntries(entries.map(([name], i) => [`#${i}`, name])),
        ...names,
      },
      ExpressionAttributeValues: {
        ...Object.fromEntries(entries.map(([, value], i) => [`:${i}`, value])),
        ...values,
      },
      ...expression,
    };
    return isWritten(this.#client.send(new UpdateCommand(input)));
  }
}

import { DeleteCommand, type DynamoDBDocumentClient, PutCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import { definedOf } from '../contract/defined-of.ts';
import { ANNOUNCEMENT_PREFIX } from '../contract/tables.ts';
import type { AnnouncedJob, Announcement } from '../domain/announced-creates.ts';
import type { StoredJob } from '../domain/job.ts';
import type { Announcements } from '../domain/ports.ts';
import { batchGet, MAX_KEYS } from './batch-get.ts';
import { HEADER, partExpiry, readHeader } from './job-items.ts';

export class AnnouncementStore implements Announcements {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #pause: (ms: number) => Promise<unknown>;

  constructor(client: DynamoDBDocumentClient, table: string, pause: (ms: number) => Promise<unknown>) {
    this.#client = client;
    this.#table = table;
    this.#pause = pause;
  }

  async announce({ marks, acceptingUntil, ...announcement }: Announcement): Promise<void> {
    const expiresAt = partExpiry(acceptingUntil);
    const item = { ...keyOf(announcement), ...definedOf({ marks }), acceptingUntil, expiresAt };
    await this.#client.send(new PutCommand({ TableName: this.#table, Item: item }));
  }

  async withdraw(announcement: Pick<Announcement, 'team' | 'procedure' | 'jobId'>): Promise<void> {
    await this.#client.send(new DeleteCommand({ TableName: this.#table, Key: keyOf(announcement) }));
  }

  async of(team: string, procedure: string): Promise<AnnouncedJob[]> {
    const pages = paginateQuery(
      { client: this.#client },
      {
        TableName: this.#table,
        KeyConditionExpression: '#jobId = :partition',
        ExpressionAttributeNames: { '#jobId': 'jobId' },
        ExpressionAttributeValues: { ':partition': partitionOf({ team, procedure }) },
        ConsistentRead: true,
      },
    );
    const items: Record<string, unknown>[] = [];
    for await (const { Items = [] } of pages) items.push(...Items);
    const jobs = await this.#jobsOf(items.map(({ part }) => part as string));
    return items.map(({ part, marks, acceptingUntil }) => ({
      ...definedOf({ marks: marks as Uint8Array | undefined }),
      acceptingUntil: acceptingUntil as number,
      job: jobs.get(part as string),
    }));
  }

  /** The headers of jobs as they are now. */
  async #jobsOf(ids: readonly string[]): Promise<ReadonlyMap<string, StoredJob>> {
    const jobs = new Map<string, StoredJob>();
    for (let first = 0; first < ids.length; first += MAX_KEYS) {
      const Keys = ids.slice(first, first + MAX_KEYS).map((jobId) => ({ jobId, part: HEADER }));
      const found = await batchGet(this.#client, this.#table, { Keys, ConsistentRead: true }, this.#pause);
      for (const item of found) jobs.set(item.jobId as string, readHeader(item));
    }
    return jobs;
  }
}

function partitionOf({ team, procedure }: Pick<Announcement, 'team' | 'procedure'>): string {
  return `${ANNOUNCEMENT_PREFIX}${procedure}#${team}`;
}

function keyOf({ jobId, ...of }: Pick<Announcement, 'team' | 'procedure' | 'jobId'>) {
  return { jobId: partitionOf(of), part: jobId };
}

import { type DynamoDBDocumentClient, GetCommand, paginateQuery, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as v from 'valibot';
import { ATTRIBUTE_TYPES, type AttributeValue, type Procedure } from '../contract/procedure.ts';
import { PROCEDURE_ID_INDEX } from '../contract/tables.ts';
import type { ProcedureSummary } from '../contract/views.ts';
import type { Procedures } from '../domain/ports.ts';
import { CONFIGURATION_CACHE_MS, cached } from './cache.ts';

const summarySchema = v.object({
  id: v.string(),
  shortId: v.string(),
  name: v.string(),
  primaryKey: v.string(),
});

const storedProcedureSchema: v.GenericSchema<unknown, Procedure> = v.object({
  team: v.string(),
  ...summarySchema.entries,
  states: v.array(v.string()),
  transitions: v.exactOptional(v.record(v.string(), v.array(v.string()))),
  attributes: v.record(
    v.string(),
    v.object({
      type: v.picklist(ATTRIBUTE_TYPES),
      options: v.exactOptional(v.array(v.union([v.string(), v.number()]))),
    }),
  ),
  required: v.exactOptional(v.array(v.string())),
  // They were checked when the procedure was written.
  defaults: v.exactOptional(
    v.record(
      v.string(),
      v.custom<AttributeValue>(() => true),
    ),
  ),
});

/** A list reads at most 20 pages of 250 procedures, or of 1 MB where they are larger, and so ends within a request. */
const PAGE_SIZE = 250;
const MAX_PAGES = 20;

/** The procedures of a team, by their short ids. */
export interface ProcedureList {
  procedures: ProcedureSummary[];
  /** Short ids of those whose stored form lacks what is listed. */
  malformed: string[];
  /** Whether the team has all of them, or more than one list reads. */
  isComplete: boolean;
}

export class ProcedureStore implements Procedures {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #cached: (key: string) => Promise<Procedure | undefined>;

  constructor(client: DynamoDBDocumentClient, table: string, now: () => number) {
    this.#client = client;
    this.#table = table;
    this.#cached = cached(
      (key) => {
        const [team, name] = JSON.parse(key) as [string, string];
        return this.#load(team, name);
      },
      CONFIGURATION_CACHE_MS,
      now,
    );
  }

  find(team: string, name: string): Promise<Procedure | undefined> {
    return this.#cached(JSON.stringify([team, name]));
  }

  /** Lists the procedures of a team. A malformed one is left out, so that it does not take the others with it. */
  async list(team: string): Promise<ProcedureList> {
    const names = ['id', 'shortId', 'name', 'primaryKey'];
    const pages = paginateQuery(
      { client: this.#client, pageSize: PAGE_SIZE },
      {
        TableName: this.#table,
        KeyConditionExpression: '#team = :team',
        ProjectionExpression: names.map((name) => `#${name}`).join(),
        ExpressionAttributeNames: Object.fromEntries(['team', ...names].map((name) => [`#${name}`, name])),
        ExpressionAttributeValues: { ':team': team },
      },
    );
    const list: ProcedureList = { procedures: [], malformed: [], isComplete: false };
    let read = 0;
    for await (const { Items = [], LastEvaluatedKey } of pages) {
      for (const item of Items) {
        const parsed = v.safeParse(summarySchema, item);
        if (parsed.success) list.procedures.push(parsed.output);
        else list.malformed.push(String(item.shortId));
      }
      read += 1;
      list.isComplete = LastEvaluatedKey === undefined;
      if (read === MAX_PAGES) break;
    }
    return list;
  }

  async #load(team: string, name: string): Promise<Procedure | undefined> {
    const { Item } = await this.#client.send(
      new GetCommand({ TableName: this.#table, Key: { team, shortId: name } }),
    );
    const found = Item ?? (await this.#loadById(team, name));
    return found === undefined ? undefined : v.parse(storedProcedureSchema, found);
  }

  async #loadById(team: string, id: string): Promise<Record<string, unknown> | undefined> {
    const { Items } = await this.#client.send(
      new QueryCommand({
        TableName: this.#table,
        IndexName: PROCEDURE_ID_INDEX,
        KeyConditionExpression: '#team = :team AND #id = :id',
        ExpressionAttributeNames: { '#team': 'team', '#id': 'id' },
        ExpressionAttributeValues: { ':team': team, ':id': id },
      }),
    );
    return Items?.[0];
  }
}

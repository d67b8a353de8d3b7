import { type DynamoDBDocumentClient, GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as v from 'valibot';
import { ATTRIBUTE_TYPES, type Procedure } from '../contract/procedure.ts';
import { PROCEDURE_ID_INDEX } from '../contract/tables.ts';
import type { Procedures } from '../domain/ports.ts';
import { CONFIGURATION_CACHE_MS, cached } from './cache.ts';

const storedProcedureSchema: v.GenericSchema<unknown, Procedure> = v.object({
  team: v.string(),
  id: v.string(),
  shortId: v.string(),
  name: v.string(),
  primaryKey: v.string(),
  states: v.array(v.string()),
  transitions: v.exactOptional(v.record(v.string(), v.array(v.string()))),
  attributes: v.record(
    v.string(),
    v.object({
      type: v.picklist(ATTRIBUTE_TYPES),
      options: v.exactOptional(v.array(v.union([v.string(), v.number()]))),
    }),
  ),
});

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

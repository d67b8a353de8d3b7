import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import * as v from 'valibot';
import { nearestName } from '../../lambdas/contract/nearest-name.ts';
import type { Procedure } from '../../lambdas/contract/procedure.ts';
import { type ProcedureFile, procedureFileSchema } from '../../lambdas/contract/procedure-schema.ts';

/**
 * Parses the file of a procedure.
 * @throws Error that names everything that is wrong with it
 */
export function parseProcedure(text: string): ProcedureFile {
  let written: unknown;
  try {
    written = JSON.parse(text);
  } catch (error) {
    throw new Error(`The file is not JSON: ${(error as Error).message}`);
  }
  const read = v.safeParse(procedureFileSchema, written, { abortPipeEarly: true });
  if (read.success) {
    checkNames(written as ProcedureFile, read.output);
    return read.output;
  }
  const faults = read.issues.map((issue) => {
    const path = v.getDotPath(issue) ?? '';
    return issue.expected === 'never' ? `${path} is unknown. Remove it.` : `${path} ${issue.message}`.trim();
  });
  throw new Error(faults.join('\n'));
}

/** Refuses names with a meaning in JavaScript, which Valibot drops silently. */
function checkNames({ attributes }: ProcedureFile, read: ProcedureFile): void {
  const lost = Object.keys(attributes).filter((name) => !Object.hasOwn(read.attributes, name));
  if (lost.length > 0) throw new Error(`attributes must not be named ${lost.join(', ')}: rename them`);
}

/** The procedures of a team in their table. */
export class ProcedureTable {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #team: string;

  constructor(client: DynamoDBDocumentClient, table: string, team: string) {
    this.#client = client;
    this.#table = table;
    this.#team = team;
  }

  async get(shortId: string): Promise<Procedure | undefined> {
    const { Item } = await this.#client.send(
      new GetCommand({
        TableName: this.#table,
        Key: { team: this.#team, shortId },
        ConsistentRead: true,
      }),
    );
    return Item as Procedure | undefined;
  }

  async list(): Promise<Procedure[]> {
    const pages = paginateQuery(
      { client: this.#client },
      {
        TableName: this.#table,
        KeyConditionExpression: '#team = :team',
        ExpressionAttributeNames: { '#team': 'team' },
        ExpressionAttributeValues: { ':team': this.#team },
      },
    );
    const found: Procedure[] = [];
    for await (const { Items = [] } of pages) found.push(...(Items as Procedure[]));
    return found;
  }

  /**
   * Checks that the team has procedures.
   * @param names - short ids
   * @throws Error that names each unknown one, with the procedure that it is likely to mean
   */
  async assertExist(names: readonly string[]): Promise<void> {
    const known = (await this.list()).map(({ shortId }) => shortId);
    const faults = names
      .filter((name) => !known.includes(name))
      .map((name) => {
        const nearest = nearestName(name, known);
        const remedy = nearest === undefined ? 'Create it first.' : `Did you mean ${nearest}?`;
        return `The team ${this.#team} has no procedure ${name}. ${remedy}`;
      });
    if (faults.length > 0) throw new Error(faults.join('\n'));
  }

  /**
   * Returns what `put` would store, and what is stored now.
   * @throws Error when it would change the primary key or id of an existing one, by which its processes are found
   */
  async prepare(file: ProcedureFile): Promise<{ procedure: Procedure; stored: Procedure | undefined }> {
    const stored = await this.get(file.shortId);
    for (const name of ['primaryKey', 'id'] as const) {
      const [before, after] = [stored?.[name], file[name]];
      if (before !== undefined && after !== undefined && before !== after) {
        throw new Error(
          `${file.shortId} has the ${name} "${before}", which never changes; the file has "${after}".`,
        );
      }
    }
    return { procedure: { ...file, id: file.id ?? stored?.id ?? randomUUID(), team: this.#team }, stored };
  }

  /**
   * Creates or replaces a procedure.
   * @param stored - what it replaces
   * @throws Error when that has changed since it was read
   */
  async put(procedure: Procedure, stored: Procedure | undefined): Promise<void> {
    try {
      await this.#client.send(
        new PutCommand({ TableName: this.#table, Item: procedure, ...isStill(stored) }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      // A request that is repeated after a time-out may meet its own write.
      if (isDeepStrictEqual(await this.get(procedure.shortId), procedure)) return;
      throw new Error(`${procedure.shortId} was changed by somebody else meanwhile. Run the command again.`);
    }
  }
}

/** The condition that an item is as it was read. */
function isStill(stored: Procedure | undefined) {
  const members = Object.entries(stored ?? {});
  if (members.length === 0) return { ConditionExpression: 'attribute_not_exists(shortId)' };
  return {
    ConditionExpression: members.map((_, i) => `#${i} = :${i}`).join(' AND '),
    ExpressionAttributeNames: Object.fromEntries(members.map(([name], i) => [`#${i}`, name])),
    ExpressionAttributeValues: Object.fromEntries(members.map(([, value], i) => [`:${i}`, value])),
  };
}

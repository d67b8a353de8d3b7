import { ConditionalCheckFailedException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { itemBytes } from '../../../lambdas/adapters/item-size.ts';
import {
  change,
  clone,
  extract,
  holds,
  type Item,
  type Placeholders,
  project,
  ValidationException,
} from './expressions.ts';
import { type Connection, ServiceError } from './service.ts';

/** The keys of a table or an index; an item without all of an index's keys is not in it. */
export interface KeySchema {
  partition: readonly string[];
  sort?: string;
}

export interface TableSchema {
  keys: KeySchema;
  indexes?: Record<string, KeySchema>;
  /** So many items a page of a query, where DynamoDB counts a megabyte. */
  pageSize?: number;
}

interface Index {
  keys: KeySchema;
  /** The keys of items as the index knows them by now, by the table's key. */
  entries: Map<string, Item>;
}

interface Table {
  schema: TableSchema;
  items: Map<string, Item>;
  indexes: Map<string, Index>;
}

/** Puts off what happens to an index: at once, or some time later. */
export type Lag = (follow: () => void) => void;

const atOnce: Lag = (follow) => follow();

/** What came of a request. */
export type Outcome = { answer: unknown } | { error: unknown };

/**
 * Tables that keep DynamoDB's promises and no more: a write is conditional and atomic for one item, a read of a
 * table is consistent, an index follows when it likes.
 */
export class FakeTables {
  /**
   * Told of every item before it is written, with the size of its write in units; it may throw.
   * @param partition - the values of the item's partition key
   */
  beforeWrite: ((table: string, partition: string, units: number) => void) | undefined;
  /** Told of every item that a write changed, and whether another system wrote it. */
  onWritten: (table: string, before: Item | undefined, after: Item | undefined, byAnother: boolean) => void =
    () => {};
  /** Told of every request, in the order in which they are performed. */
  onPerformed: (command: unknown, outcome: Outcome) => void = () => {};
  readonly #tables = new Map<string, Table>();
  readonly #lag: Lag;
  #isAnother = false;

  constructor(schemas: Record<string, TableSchema>, lag: Lag) {
    this.#lag = lag;
    for (const [name, schema] of Object.entries(schemas)) {
      const indexes = Object.entries(schema.indexes ?? {}).map(([index, keys]): [string, Index] => [
        index,
        { keys, entries: new Map() },
      ]);
      this.#tables.set(name, { schema, items: new Map(), indexes: new Map(indexes) });
    }
  }

  /** All items of a table, by no means to be changed. */
  items(table: string): Item[] {
    return [...this.#table(table).items.values()];
  }

  /** Writes an item as another system does, some time ago, or just now: its indexes follow when they like. */
  insert(name: string, item: Item, when: 'before' | 'now'): void {
    const table = this.#table(name);
    this.#write(table, keyOf(table, item), item, when === 'before' ? atOnce : this.#lag);
    this.onPerformed(new PutCommand({ TableName: name, Item: item }), { answer: {} });
  }

  /** Performs a request of another system. */
  performAsAnother(command: unknown): unknown {
    this.#isAnother = true;
    try {
      return this.perform(command);
    } finally {
      this.#isAnother = false;
    }
  }

  /** Performs one request as a whole. @throws what DynamoDB's client throws */
  perform(command: unknown): unknown {
    try {
      const answer = this.#perform(command);
      this.onPerformed(command, { answer });
      return answer;
    } catch (error) {
      this.onPerformed(command, { error });
      throw error;
    }
  }

  #perform(command: unknown): unknown {
    if (command instanceof GetCommand) return this.#get(command.input);
    if (command instanceof PutCommand) return this.#put(command.input);
    if (command instanceof UpdateCommand) return this.#update(command.input);
    if (command instanceof DeleteCommand) return this.#delete(command.input);
    if (command instanceof QueryCommand) return this.#query(command.input);
    if (command instanceof BatchGetCommand) return this.#batchGet(command.input);
    if (command instanceof TransactWriteCommand) return this.#transactWrite(command.input);
    throw new Error(`The fake does not know ${String(command?.constructor.name)}`);
  }

  #get({ TableName, Key, ...input }: GetCommand['input']) {
    const table = this.#table(TableName);
    const item = table.items.get(keyOf(table, Key));
    return { Item: item && project(input.ProjectionExpression, item, input) };
  }

  #put(input: PutCommand['input']) {
    const table = this.#table(input.TableName);
    const key = keyOf(table, input.Item);
    const before = table.items.get(key);
    this.#admit(input.TableName, undefined, input.Item);
    check(input, before);
    const item = clone(input.Item);
    this.#write(table, key, item);
    this.onWritten(input.TableName ?? '', before, item, this.#isAnother);
    return {};
  }

  #delete(input: DeleteCommand['input']) {
    const table = this.#table(input.TableName);
    const key = keyOf(table, input.Key);
    check(input, table.items.get(key));
    this.#write(table, key, undefined);
    return {};
  }

  #update(input: UpdateCommand['input']) {
    const table = this.#table(input.TableName);
    const key = keyOf(table, input.Key);
    const before = table.items.get(key);
    this.#admit(input.TableName, before, before ?? input.Key);
    check(input, before);
    const item = clone(before ?? (input.Key as Item));
    const touched = change(input.UpdateExpression ?? '', item, input);
    this.#write(table, key, item);
    this.onWritten(input.TableName ?? '', before, item, this.#isAnother);
    if (input.ReturnValues === 'UPDATED_OLD') return { Attributes: extract(before ?? {}, touched) };
    if (input.ReturnValues === 'UPDATED_NEW') return { Attributes: extract(item, touched) };
    return {};
  }

  #query(input: QueryCommand['input']) {
    const table = this.#table(input.TableName);
    const index = input.IndexName === undefined ? undefined : table.indexes.get(input.IndexName);
    const { partition, sort } = index?.keys ?? table.schema.keys;
    const found = [...(index?.entries ?? table.items)].filter(([, item]) =>
      holds(input.KeyConditionExpression, item, input),
    );
    const place = (item: Item) => (sort === undefined ? '' : (item[sort] as string | number));
    found.sort(([, a], [, b]) => (place(a) < place(b) ? -1 : Number(place(a) > place(b))));
    if (input.ScanIndexForward === false) found.reverse();

    const from =
      input.ExclusiveStartKey === undefined ? 0 : keyPosition(found, keyOf(table, input.ExclusiveStartKey));
    const size = Math.min(
      input.Limit ?? Number.POSITIVE_INFINITY,
      table.schema.pageSize ?? Number.POSITIVE_INFINITY,
    );
    const page = found.slice(from, from + size);
    const [, last] = page.at(-1) ?? [];
    const goesOn = from + page.length < found.length && last !== undefined;
    const keys = [...partition, ...(sort === undefined ? [] : [sort]), ...keyNames(table.schema.keys)];
    return {
      Items: page.map(([, item]) => clone(item)),
      ...(goesOn ? { LastEvaluatedKey: pick(last, keys) } : {}),
    };
  }

  #batchGet({ RequestItems = {} }: BatchGetCommand['input']) {
    const Responses = Object.entries(RequestItems).map(([name, request]) => {
      const table = this.#table(name);
      const items = (request.Keys ?? []).map((key) => table.items.get(keyOf(table, key)));
      const found = items.filter((item) => item !== undefined);
      return [name, found.map((item) => project(request.ProjectionExpression, item, request))];
    });
    return { Responses: Object.fromEntries(Responses) };
  }

  /** All of it or nothing. */
  #transactWrite({ TransactItems = [] }: TransactWriteCommand['input']) {
    const reasons = TransactItems.map(({ Put, Update, ConditionCheck }) => {
      const input = Put ?? Update ?? ConditionCheck;
      const table = this.#table(input?.TableName);
      const item = table.items.get(keyOf(table, Put?.Item ?? Update?.Key ?? ConditionCheck?.Key));
      if (holds(input?.ConditionExpression, item ?? {}, input ?? {})) return { Code: 'None' };
      const isTold = input?.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' && item !== undefined;
      return { Code: 'ConditionalCheckFailed', ...(isTold && { Item: marshall(item) }) };
    });
    if (reasons.some(({ Code }) => Code !== 'None')) {
      throw new TransactionCanceledException({
        message: 'Transaction cancelled',
        $metadata: {},
        CancellationReasons: reasons,
      });
    }
    for (const { Put, Update } of TransactItems) {
      if (Put !== undefined) this.#put(Put as PutCommand['input']);
      if (Update !== undefined) this.#update(Update as UpdateCommand['input']);
    }
    return {};
  }

  #write(table: Table, key: string, item: Item | undefined, lag = this.#lag): void {
    if (item === undefined) table.items.delete(key);
    else table.items.set(key, item);
    for (const { keys, entries } of table.indexes.values()) {
      const names = keyNames(keys);
      const isIn = item !== undefined && names.every((name) => item[name] !== undefined);
      if (!isIn && !entries.has(key)) continue;
      const entry = isIn ? pick(item, [...names, ...keyNames(table.schema.keys)]) : undefined;
      lag(() => {
        if (entry === undefined) entries.delete(key);
        else entries.set(key, entry);
      });
    }
  }

  /** Writes are charged by the size of what is there or comes, whatever they change, even if their condition fails. */
  #admit(name = '', before: Item | undefined, item: Item = {}): void {
    if (this.beforeWrite === undefined) return;
    const { partition } = this.#table(name).schema.keys;
    const bytes = itemBytes(before ?? item);
    const of = JSON.stringify(partition.map((key) => item[key]));
    this.beforeWrite(name, of, Math.ceil(bytes / 1024));
  }

  #table(name: string | undefined): Table {
    const table = this.#tables.get(name ?? '');
    if (table === undefined) throw new ValidationException(`There is no table ${name}`);
    return table;
  }
}

/**
 * A document client whose requests go to the tables over a connection.
 * @param isDown - tells whether the tables refuse everything
 */
export function fakeDocumentClient(
  tables: FakeTables,
  connection: Connection,
  isDown: () => boolean,
): DynamoDBDocumentClient {
  // Paginators insist on the class.
  const client = Object.create(DynamoDBDocumentClient.prototype) as DynamoDBDocumentClient;
  const send = (command: unknown) =>
    connection.call(() => {
      if (isDown()) throw new ServiceError('InternalServerError');
      return tables.perform(command);
    });
  return Object.assign(client, { send });
}

interface Conditional extends Placeholders {
  ConditionExpression?: string | undefined;
  ReturnValuesOnConditionCheckFailure?: string | undefined;
}

function check(input: Conditional, item: Item | undefined): void {
  if (holds(input.ConditionExpression, item ?? {}, input)) return;
  const returnsItem = input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' && item !== undefined;
  throw new ConditionalCheckFailedException({
    message: 'The conditional request failed',
    $metadata: {},
    ...(returnsItem ? { Item: marshall(item) } : {}),
  });
}

function keyNames({ partition, sort }: KeySchema): string[] {
  return sort === undefined ? [...partition] : [...partition, sort];
}

function keyOf({ schema }: Table, item: Item | undefined): string {
  return JSON.stringify(keyNames(schema.keys).map((name) => item?.[name]));
}

function keyPosition(found: readonly [string, Item][], key: string): number {
  return found.findIndex(([known]) => known === key) + 1;
}

function pick(item: Item, names: readonly string[]): Item {
  return Object.fromEntries(names.map((name) => [name, item[name]]));
}

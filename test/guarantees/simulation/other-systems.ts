import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Item } from './expressions.ts';
import type { FakeTables } from './fake-tables.ts';

/** A value that another system wrote as the newest of a field, with its place in the order of acceptance. */
export interface NewestWrite {
  process: string;
  field: 'assignedTo';
  value: unknown;
  order: number;
}

/** What other systems do to the tables, as the README tells them to: own code, so that it shows what the README misses. */
export class OtherSystems {
  /** The last note of each process, by its id. */
  readonly notes = new Map<string, unknown>();
  readonly newest: NewestWrite[] = [];
  readonly #tables: FakeTables;
  readonly #now: () => number;
  #number = 0;

  constructor(tables: FakeTables, now: () => number) {
    this.#tables = tables;
    this.#now = now;
  }

  /** Sets an attribute that no update names, without a clock and without counting versions. */
  writeNote(id: string): void {
    const note = `note-${++this.#number}`;
    this.#write(
      new UpdateCommand({
        TableName: 'processes',
        Key: { id },
        ...(this.#isMap(id, 'data')
          ? {
              UpdateExpression: 'SET #data.#note = :note',
              ExpressionAttributeNames: { '#data': 'data', '#note': 'note' },
            }
          : { UpdateExpression: 'SET #data = :data', ExpressionAttributeNames: { '#data': 'data' } }),
        ExpressionAttributeValues: this.#isMap(id, 'data') ? { ':note': note } : { ':data': { note } },
      }),
    );
    this.notes.set(id, note);
  }

  /** Sets a field as the newest, with a number of the team. */
  writeNewest(team: string, id: string): void {
    const order = this.#takeNumber(team) * 10_000;
    const value = `newest-${++this.#number}`;
    if (!this.#isMap(id, 'clocks')) {
      this.#write(
        new UpdateCommand({
          TableName: 'processes',
          Key: { id },
          UpdateExpression: 'SET #clocks = :none',
          ExpressionAttributeNames: { '#clocks': 'clocks' },
          ExpressionAttributeValues: { ':none': {} },
        }),
      );
    }
    const { version } = this.#get(id);
    try {
      this.#write(
        new UpdateCommand({
          TableName: 'processes',
          Key: { id },
          UpdateExpression:
            'SET #field = :value, #clocks.#field = :order, #clock = :order, #version = :version',
          ConditionExpression: 'attribute_not_exists(#clock) OR #clock < :order',
          ExpressionAttributeNames: {
            '#field': 'assignedTo',
            '#clocks': 'clocks',
            '#clock': 'clock',
            '#version': 'version',
          },
          ExpressionAttributeValues: {
            ':value': value,
            ':order': order,
            ':version': typeof version === 'number' ? version + 1 : 1,
          },
        }),
      );
      this.newest.push({ process: id, field: 'assignedTo', value, order });
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }

  /** Removes a process that has been there for long. */
  remove(process: Item): void {
    this.#tables.insert('processes', process, 'before');
    this.#write(new DeleteCommand({ TableName: 'processes', Key: { id: process.id } }));
  }

  /** The Jobs table is a new one, or one of some time ago. */
  loseCounter(team: string, how: 'lost' | 'restored'): void {
    const Key = { jobId: `team#${team}`, part: 'sequence' };
    const { Item } = this.#tables.perform(new GetCommand({ TableName: 'jobs', Key })) as { Item?: Item };
    if (Item === undefined) return;
    const sequence = Number(Item.sequence) - 1_000;
    this.#write(
      how === 'lost'
        ? new DeleteCommand({ TableName: 'jobs', Key })
        : new PutCommand({ TableName: 'jobs', Item: { ...Key, sequence } }),
    );
  }

  #takeNumber(team: string): number {
    const counter = {
      TableName: 'jobs',
      Key: { jobId: `team#${team}`, part: 'sequence' },
      ExpressionAttributeNames: { '#sequence': 'sequence' },
      ReturnValues: 'UPDATED_NEW' as const,
    };
    const now = Math.floor(this.#now() / 10);
    try {
      this.#write(
        new UpdateCommand({
          ...counter,
          UpdateExpression: 'SET #sequence = :now',
          ConditionExpression: 'attribute_not_exists(#sequence) OR #sequence < :now',
          ExpressionAttributeValues: { ':now': now },
        }),
      );
      return now;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
    const { Attributes } = this.#write(
      new UpdateCommand({
        ...counter,
        UpdateExpression: 'ADD #sequence :one',
        ExpressionAttributeValues: { ':one': 1 },
      }),
    ) as { Attributes: Item };
    return Number(Attributes.sequence);
  }

  #isMap(id: string, attribute: 'data' | 'clocks'): boolean {
    const value = this.#get(id)[attribute];
    return typeof value === 'object' && value !== null;
  }

  #get(id: string): Item {
    const { Item = {} } = this.#tables.perform(new GetCommand({ TableName: 'processes', Key: { id } })) as {
      Item?: Item;
    };
    return Item;
  }

  #write(command: unknown): unknown {
    return this.#tables.performAsAnother(command);
  }
}

import { DescribeTableCommand, type TableDescription } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import * as v from 'valibot';
import { counted } from '../../lambdas/contract/counted.ts';

const text = v.nullish(v.string('is not a string'));
const number = v.nullish(v.number('is not a number'));
const map = v.custom<Record<string, unknown>>(
  (value) => typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype,
  'is not a map',
);

/**
 * A process as another system may write it; further attributes are left alone. Without `primaryKey` it is found by
 * its id only; without `clocks`, `clock` and `version` no update has reached it.
 */
const storedProcessSchema = v.looseObject({
  id: v.string('is not a string'),
  team: v.string('is not a string'),
  procedure: v.string('is not a string'),
  primaryKey: v.exactOptional(v.string('is not a string')),
  status: text,
  state: text,
  data: v.nullish(map),
  assignedTo: text,
  nextActionAt: number,
  isDeleted: v.nullish(v.boolean('is not a boolean')),
  clocks: v.nullish(v.pipe(map, v.record(v.string(), v.number('is not a number')))),
  clock: number,
  version: number,
  createdOrder: number,
  createdFrom: number,
  createdAt: number,
  updatedAt: number,
});

/** The partition key of the index on the primary key, each part with its type. */
const INDEX_KEYS: readonly string[] = ['team S', 'procedure S', 'primaryKey S'];

/** Returns why this service cannot use a table for its processes. Empty if it can. */
function tableFaults(table: TableDescription, index: string): string[] {
  const types = new Map(table.AttributeDefinitions?.map((one) => [one.AttributeName, one.AttributeType]));
  const keysOf = (schema: TableDescription['KeySchema'] = []) => ({
    partition: schema.filter(({ KeyType }) => KeyType === 'HASH').map(keyPart),
    sort: schema.filter(({ KeyType }) => KeyType === 'RANGE').map(keyPart),
  });
  const keyPart = ({ AttributeName }: { AttributeName?: string | undefined }): string =>
    `${AttributeName} ${types.get(AttributeName)}`;
  const isOf = (keys: ReturnType<typeof keysOf>, partition: readonly string[]) =>
    keys.sort.length === 0 && keys.partition.join() === partition.join();
  const shown = ({ partition, sort }: ReturnType<typeof keysOf>) =>
    [...partition, ...sort.map((part) => `${part} (sort key)`)].join(', ');

  const faults: string[] = [];
  if (table.TableStatus !== 'ACTIVE') faults.push(`The table is ${table.TableStatus}, not ACTIVE.`);
  const own = keysOf(table.KeySchema);
  if (!isOf(own, ['id S'])) {
    faults.push(`The table's key is ${shown(own)}; it must be the partition key id S alone.`);
  }
  const found = table.GlobalSecondaryIndexes?.find(({ IndexName }) => IndexName === index);
  if (found === undefined) {
    faults.push(
      `There is no global secondary index ${index}. Create one with the partition key ${INDEX_KEYS.join(', ')}.`,
    );
    return faults;
  }
  if (found.IndexStatus !== 'ACTIVE') faults.push(`The index ${index} is ${found.IndexStatus}, not ACTIVE.`);
  const keys = keysOf(found.KeySchema);
  if (!isOf(keys, INDEX_KEYS)) {
    faults.push(
      `The key of the index ${index} is ${shown(keys)}; it must be the partition key ${INDEX_KEYS.join(', ')}, in this order, alone.`,
    );
  }
  if (table.SSEDescription?.KMSMasterKeyArn !== undefined) {
    faults.push(
      `The table is encrypted with ${table.SSEDescription.KMSMasterKeyArn}. If that is your own key, allow kms:Decrypt with it to the roles of the functions that use the table.`,
    );
  }
  return faults;
}

/** Returns the faults of a record, such as `data is not a map`. */
function recordFaults(item: unknown): string[] {
  const { issues = [] } = v.safeParse(storedProcessSchema, item);
  return issues.map((issue) => `${v.getDotPath(issue) ?? ''} ${issue.message}`);
}

export interface ProcessesCheck {
  faults: string[];
  /** Number of records that were read. */
  records: number;
}

/** Maximum number of invalid records that are named. */
const MAX_NAMED = 20;

/**
 * Checks whether a table of another system can hold the processes: its keys, its index, and some of its records.
 *
 * @param sample - maximum number of records to read; each 4 KB cost half a read unit
 * @throws ResourceNotFoundException when there is no such table
 */
export async function checkProcesses(
  client: DynamoDBDocumentClient,
  { table, index, sample }: { table: string; index: string; sample: number },
): Promise<ProcessesCheck> {
  const { Table = {} } = await client.send(new DescribeTableCommand({ TableName: table }));
  const faults = tableFaults(Table, index);
  let records = 0;
  let faulty = 0;
  for await (const { Items = [] } of paginateScan({ client, pageSize: 100 }, { TableName: table })) {
    for (const item of Items.slice(0, sample - records)) {
      records += 1;
      const wrong = recordFaults(item);
      if (wrong.length === 0) continue;
      faulty += 1;
      if (faulty <= MAX_NAMED) faults.push(`Record ${JSON.stringify(item.id)}: ${wrong.join('; ')}.`);
    }
    if (records >= sample) break;
  }
  if (faulty > MAX_NAMED)
    faults.push(`${counted(faulty - MAX_NAMED, 'more record is', 'more records are')} invalid.`);
  return { faults, records };
}

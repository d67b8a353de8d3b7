import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';

export interface UseQuery {
  /** Table of the processes. */
  table: string;
  team: string;
  /** Short id. */
  procedure: string;
  attributes: readonly string[];
  /** Reading ends when it has used as many read units. */
  maxUnits: number;
}

export interface AttributeUse {
  /** By attribute, the id of a process that has a value of it. */
  users: Map<string, string>;
  /** Whether the whole table was read, or a user of each attribute was found before. */
  isComplete: boolean;
  /** Read units that were used. */
  units: number;
  /** Read units that the whole table takes, as DynamoDB knows its size, which may be six hours old. */
  allUnits: number;
}

/** An eventually consistent read of 4 KB takes half a unit. */
const BYTES_PER_UNIT = 8 * 1024;

/**
 * Looks for processes that have values of attributes. No index has a procedure's processes together, so the table is
 * scanned: whatever the filter leaves out is read, and paid for, too.
 * @throws ResourceNotFoundException when there is no such table
 */
export async function attributeUse(
  client: DynamoDBDocumentClient,
  { table, team, procedure, attributes, maxUnits }: UseQuery,
): Promise<AttributeUse> {
  const { Table } = await client.send(new DescribeTableCommand({ TableName: table }));
  const allUnits = Math.ceil((Table?.TableSizeBytes ?? 0) / BYTES_PER_UNIT);
  const users = new Map<string, string>();
  let units = 0;
  const pages = paginateScan(
    { client },
    {
      TableName: table,
      FilterExpression: '#team = :team AND #procedure = :procedure',
      ProjectionExpression: '#id, #data',
      ExpressionAttributeNames: { '#team': 'team', '#procedure': 'procedure', '#id': 'id', '#data': 'data' },
      ExpressionAttributeValues: { ':team': team, ':procedure': procedure },
      ReturnConsumedCapacity: 'TOTAL',
    },
  );
  for await (const { Items = [], ConsumedCapacity, LastEvaluatedKey } of pages) {
    units += ConsumedCapacity?.CapacityUnits ?? 0;
    for (const { id, data } of Items) {
      for (const name of attributes)
        if (!users.has(name) && hasValue(data, name)) users.set(name, String(id));
    }
    if (users.size === attributes.length) break;
    if (units >= maxUnits && LastEvaluatedKey !== undefined)
      return { users, isComplete: false, units, allUnits };
  }
  return { users, isComplete: true, units, allUnits };
}

function hasValue(data: unknown, name: string): boolean {
  if (typeof data !== 'object' || data === null || !Object.hasOwn(data, name)) return false;
  return (data as Record<string, unknown>)[name] !== null;
}

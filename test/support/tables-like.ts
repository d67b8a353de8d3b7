import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  type GlobalSecondaryIndex,
} from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { TableNames } from '../../lib/local/template.ts';

/** The tables that the simulation has, by the names that it gives them. */
const SIMULATED = ['processes', 'jobs', 'procedures'] as const;

/**
 * Creates empty tables in DynamoDB that have the keys and indexes of the stack's.
 * @returns the name of each, by the simulation's
 */
export async function createTablesLike(
  tables: TableNames,
  documents: DynamoDBDocumentClient,
): Promise<{ nameOf: (simulated: string) => string; remove: () => Promise<void> }> {
  const run = process.hrtime.bigint();
  const nameOf = (simulated: string) => `conformance-${run}-${simulated}`;
  for (const name of SIMULATED) {
    const { Table } = await documents.send(new DescribeTableCommand({ TableName: tables[name] }));
    const { KeySchema, AttributeDefinitions, GlobalSecondaryIndexes } = Table ?? {};
    await documents.send(
      new CreateTableCommand({
        TableName: nameOf(name),
        KeySchema,
        AttributeDefinitions,
        BillingMode: 'PAY_PER_REQUEST',
        GlobalSecondaryIndexes: GlobalSecondaryIndexes?.map(
          // The description says more than a creation may.
          ({ IndexName, KeySchema, Projection }): GlobalSecondaryIndex => ({
            IndexName,
            KeySchema,
            Projection,
          }),
        ),
      }),
    );
  }
  const remove = async () => {
    for (const name of SIMULATED) await documents.send(new DeleteTableCommand({ TableName: nameOf(name) }));
  };
  return { nameOf, remove };
}

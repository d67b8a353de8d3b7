import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { CreateTableCommand, DeleteTableCommand } from '@aws-sdk/client-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { expect, test } from 'vitest';
import { PRIMARY_KEY_INDEX } from '../../lambdas/contract/tables.ts';
import { loadSampleData } from '../../lib/local/sample-data.ts';
import { localParts } from '../support/local.ts';
import { createTablesLike } from '../support/tables-like.ts';

const run = promisify(execFile);
const script = fileURLToPath(new URL('../../bin/check-processes.ts', import.meta.url));
const { documents, tables } = localParts();

test('the table that the stack makes is fit, with all of its records', async () => {
  // A table of its own: the stack's holds what other tests misshape on purpose.
  const { nameOf, remove } = await createTablesLike(tables, documents);
  const [processes, procedures] = [nameOf('processes'), nameOf('procedures')];
  try {
    await loadSampleData(documents, { ...tables, processes, procedures }, 50);
    const { stdout } = await run(process.execPath, [script, '--table', processes, '--sample', '50']);
    expect(stdout).toBe(
      `${processes} can hold the processes: its keys, its index ${PRIMARY_KEY_INDEX} and 50 records are valid.\n`,
    );
  } finally {
    await remove();
  }
});

test('all that makes a table unfit is told', async () => {
  const TableName = `unfit-${crypto.randomUUID()}`;
  const key = (AttributeName: string, KeyType: 'HASH' | 'RANGE') => ({ AttributeName, KeyType });
  await documents.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['id', 'at', 'team'].map((AttributeName) => ({
        AttributeName,
        AttributeType: 'S',
      })),
      KeySchema: [key('id', 'HASH'), key('at', 'RANGE')],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'ByTeam',
          KeySchema: [key('team', 'HASH')],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ],
    }),
  );
  try {
    const Item = { id: 'LEAD-1', at: 'now', team: 'acme', procedure: 'lead', data: 'none', clock: '1' };
    await documents.send(new PutCommand({ TableName, Item }));
    const check = (index: string) =>
      run(process.execPath, [script, '--table', TableName, '--index', index]).catch(
        ({ code, stderr }: { code: number; stderr: string }) => ({ code, stderr }),
      );
    const record = 'Record "LEAD-1": data is not a map; clock is not a number.\n';
    const ownKey = "The table's key is id S, at S (sort key); it must be the partition key id S alone.\n";
    expect(await check('ByTeam')).toEqual({
      code: 1,
      stderr: `${ownKey}The key of the index ByTeam is team S; it must be the partition key team S, procedure S, primaryKey S, in this order, alone.\n${record}`,
    });
    expect(await check('ByKey')).toEqual({
      code: 1,
      stderr: `${ownKey}There is no global secondary index ByKey. Create one with the partition key team S, procedure S, primaryKey S.\n${record}`,
    });
  } finally {
    await documents.send(new DeleteTableCommand({ TableName }));
  }
});

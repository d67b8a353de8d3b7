import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { expect, test } from 'vitest';
import { createDocumentClient } from '../../lambdas/adapters/document-client.ts';
import { APPLY_LIMIT_MS } from '../../lambdas/contract/limits.ts';
import { startFaultyProxy } from '../support/faulty-proxy.ts';
import { localParts } from '../support/local.ts';

const { dynamoDb, tables } = localParts();

test('a request that is never answered fails well within the time limit of a function', async () => {
  const proxy = await startFaultyProxy(dynamoDb, () => 'HANG');
  process.env.AWS_ENDPOINT_URL_DYNAMODB = proxy.endpoint;
  const startedAt = Date.now();
  const read = createDocumentClient().send(new GetCommand({ TableName: tables.jobs, Key: {} }));
  await expect(read).rejects.toMatchObject({ name: 'TimeoutError' });
  expect(Date.now() - startedAt).toBeLessThan(APPLY_LIMIT_MS / 2);
  await proxy.stop();
});

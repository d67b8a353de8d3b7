import { readFileSync } from 'node:fs';
import { DynamoDBClient, ListTablesCommand, ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import { expect, test } from 'vitest';
import { failureText } from '../../../../lib/cli/failure-text.ts';

const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };

async function failureOf(run: () => unknown): Promise<string> {
  try {
    await run();
  } catch (error) {
    return failureText(error);
  }
  throw new Error('It did not fail.');
}

test('a file that does not exist is named', async () => {
  expect(await failureOf(() => readFileSync('nothing.json'))).toBe(
    'There is no file "nothing.json". Check its name.',
  );
});

test('a region that is missing is asked for', async () => {
  const region = () => Promise.reject(new Error('Region is missing'));
  const client = new DynamoDBClient({ region, credentials });
  expect(await failureOf(() => client.send(new ListTablesCommand()))).toContain('Set AWS_REGION');
});

test('an endpoint where nothing answers tells which variables to check', async () => {
  const client = new DynamoDBClient({
    ...{ region: 'local', credentials, maxAttempts: 1 },
    endpoint: 'http://127.0.0.1:1',
  });
  expect(await failureOf(() => client.send(new ListTablesCommand()))).toContain('AWS_ENDPOINT_URL_');
});

test('a table that does not exist is told with what to check', () => {
  const error = new ResourceNotFoundException({
    message: 'Cannot do operations on a non-existent table',
    $metadata: {},
  });
  expect(failureText(error)).toMatch(/^There is no such table .* region\.$/);
});

test('any other failure keeps its message', () => {
  expect(failureText(new Error('Nothing was changed.'))).toBe('Nothing was changed.');
  expect(failureText('text')).toBe('text');
});

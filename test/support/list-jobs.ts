import { parentPort } from 'node:worker_threads';
import { DynamoDBDocumentClient, type QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { APIGatewayProxyEvent, Context } from 'aws-lambda';
import { headerItem, resultItems } from '../../lambdas/adapters/job-items.ts';
import { aJob } from './builders.ts';

/** Lists jobs of 10,000 entries in progress, within the memory that its thread has, and tells how many it lists. */
const JOBS = 200;
const ENTRIES = 10_000;

Object.assign(process.env, {
  JOBS_TABLE: 'jobs',
  WAITING_REQUESTS: '10',
  AWS_REGION: 'us-east-1',
  POWERTOOLS_LOG_LEVEL: 'SILENT',
});
const { createHandler } = await import('../../lambdas/read-job.ts');

const now = Date.now();
const job = (id: string) => aJob({ id, createdAt: now, queuedAt: now, total: ENTRIES + 1, invalid: 0 });
const results = Array.from({ length: ENTRIES / 100 }, (_, batch) => [
  ...resultItems({
    startedAt: now,
    completedAt: now,
    results: Array.from({ length: 100 }, (_, i) => ({
      index: batch * 100 + i,
      result: { outcome: 'APPLIED' },
      attempts: 1,
      processId: `process-${batch * 100 + i}`,
    })),
  }),
])
  .flat()
  .map(({ attributes }) => attributes);

/** A table with that many jobs, each with the same results. */
async function send({ input: { IndexName, ExpressionAttributeValues: values = {} } }: QueryCommand) {
  if (IndexName !== undefined) {
    return { Items: Array.from({ length: JOBS }, (_, i) => ({ jobId: `job-${i}`, sequence: JOBS - i })) };
  }
  const isHeader = values[':prefix'] === 'header';
  return { Items: isHeader ? [headerItem(job(values[':jobId']))] : structuredClone(results) };
}
const documents = Object.assign(Object.create(DynamoDBDocumentClient.prototype), { send });

const handler = createHandler({ documents, now: Date.now, pause: async () => {} });
const event = {
  httpMethod: 'GET',
  path: '/v1/ext/background-job',
  headers: {},
  pathParameters: null,
  queryStringParameters: { limit: '1000' },
  requestContext: { requestId: 'request', authorizer: { team: 'local' } },
} as unknown as APIGatewayProxyEvent;
const { body } = await handler(event, { getRemainingTimeInMillis: () => 28_000 } as Context);
parentPort?.postMessage(JSON.parse(body)._data.length);

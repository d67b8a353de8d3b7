/**
 * What accepting costs: the time of the acknowledgment, against the bare queue calls and JSON.parse that no
 * implementation can do without, and the memory of the function by the size of the request.
 *
 *     npm run bench
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import type { APIGatewayProxyEvent, Context } from 'aws-lambda';
import pMap from 'p-map';
import { createQueueClient } from '../../lambdas/adapters/deliveries.ts';
import { SENDS_IN_FLIGHT } from '../../lambdas/adapters/update-queue.ts';
import { writeMessage } from '../../lambdas/domain/update-message.ts';
import { createTables, startDynamoDb } from '../../lib/local/dynamodb.ts';
import { queueUrl, startQueues } from '../../lib/local/queues.ts';
import { loadSampleData } from '../../lib/local/sample-data.ts';
import { tableNames } from '../../lib/local/stack.ts';
import { LOCAL_REGION, Template } from '../../lib/local/template.ts';

const SIZES = [1_000, 5_000, 10_000];
const RUNS = 5;
const run = promisify(execFile);
const [, , mode, size] = process.argv;

interface Measured {
  count: number;
  acceptMs: number;
  floorMs: number;
  peakMegabytes: number;
}

if (mode === 'measure') await measure(Number(size));
else await compare();

/** Measures each size in a process of its own, so that the peak memory is its own. */
async function compare(): Promise<void> {
  const template = await Template.synthesize();
  const dynamoDb = await startDynamoDb({});
  const queues = await startQueues(template, undefined);
  const tables = tableNames(template);
  await createTables(dynamoDb.client, template);
  await loadSampleData(dynamoDb.client, tables, 0);
  const env = {
    ...process.env,
    JOBS_TABLE: tables.jobs,
    PROCEDURES_TABLE: tables.procedures,
    PROCESSES_TABLE: tables.processes,
    REMINDER_QUEUE_URL: queueUrl(template, queues, 'Reminders'),
    UPDATE_QUEUE_URL: queueUrl(template, queues, 'Updates'),
    AWS_ENDPOINT_URL_DYNAMODB: dynamoDb.endpoint,
    AWS_ENDPOINT_URL_SQS: queues.endpoint,
    AWS_REGION: LOCAL_REGION,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
  };
  const rows: Measured[] = [];
  for (const count of SIZES) {
    const { stdout } = await run(process.execPath, [import.meta.filename, 'measure', String(count)], { env });
    rows.push(JSON.parse(stdout) as Measured);
  }
  await queues.stop();
  await dynamoDb.stop();
  await template.remove();
  console.table(
    rows.map(({ count, acceptMs, floorMs, peakMegabytes }) => ({
      items: count,
      'accept, ms': Math.round(acceptMs),
      'floor, ms': Math.round(floorMs),
      ratio: Number((acceptMs / floorMs).toFixed(2)),
      'peak memory, MB': Math.round(peakMegabytes),
    })),
  );
}

/** Accept and floor in turn, and the best of the runs of each: the machine's noise only ever adds. */
async function measure(count: number): Promise<void> {
  const { handler } = await import('../../lambdas/accept.ts');
  const body = JSON.stringify({
    processes: Array.from({ length: count }, (_, index) => ({
      lead_id: `LEAD-${String(index).padStart(5, '0')}`,
      update: { data: { city: `City ${index}`, score: index, first_name: 'Ada' }, state: 'IN_PROGRESS' },
    })),
  });
  const acceptTimes: number[] = [];
  const floorTimes: number[] = [];
  for (let turn = 0; turn < RUNS; turn++) {
    acceptTimes.push(await timed(() => accept(handler, body)));
    floorTimes.push(await timed(() => floor(body, count)));
  }
  const measured: Measured = {
    count,
    acceptMs: Math.min(...acceptTimes),
    floorMs: Math.min(...floorTimes),
    peakMegabytes: process.resourceUsage().maxRSS / 1024,
  };
  console.log(JSON.stringify(measured));
}

async function accept(handler: typeof import('../../lambdas/accept.ts').handler, body: string) {
  const event = {
    headers: { 'content-type': 'application/json' },
    body,
    isBase64Encoded: false,
    pathParameters: { procedure: 'lead' },
    requestContext: { requestId: 'bench', authorizer: { team: 'local' } },
  } as unknown as APIGatewayProxyEvent;
  const context = { getRemainingTimeInMillis: () => 28_000 } as Context;
  const { statusCode, body: answer } = await handler(event, context);
  if (statusCode !== 202) throw new Error(answer);
}

async function floor(body: string, count: number): Promise<void> {
  JSON.parse(body);
  const client = createQueueClient();
  const message = writeMessage({
    jobId: crypto.randomUUID(),
    index: 0,
    team: 'local',
    procedure: 'lead',
    order: 0,
    target: { primaryKey: 'LEAD-00000' },
    update: { data: { city: 'City 1', score: 1, first_name: 'Ada' }, state: 'IN_PROGRESS' },
  });
  const Entries = Array.from({ length: 10 }, (_, position) => ({
    Id: String(position),
    MessageBody: message,
    MessageGroupId: 'local',
  }));
  const QueueUrl = process.env.UPDATE_QUEUE_URL;
  await pMap(
    Array.from({ length: count / 10 }),
    () => client.send(new SendMessageBatchCommand({ QueueUrl, Entries })),
    { concurrency: SENDS_IN_FLIGHT },
  );
  client.destroy();
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const before = performance.now();
  await work();
  return performance.now() - before;
}

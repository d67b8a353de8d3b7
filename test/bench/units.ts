/**
 * What a bulk update costs in DynamoDB's units, counted by DynamoDB itself: a request of many items, accepted,
 * applied and closed by the real functions on the real local parts.
 *
 *     npm run bench:units
 */
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { DeleteMessageBatchCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { APIGatewayProxyEvent, Context, SQSEvent } from 'aws-lambda';
import { createQueueClient } from '../../lambdas/adapters/deliveries.ts';
import { createDocumentClient } from '../../lambdas/adapters/document-client.ts';
import { createTables, startDynamoDb } from '../../lib/local/dynamodb.ts';
import { queueUrl, startQueues } from '../../lib/local/queues.ts';
import { loadSampleData } from '../../lib/local/sample-data.ts';
import { tableNames } from '../../lib/local/stack.ts';
import { LOCAL_REGION, Template } from '../../lib/local/template.ts';

const ITEMS = 10_000;

const template = await Template.synthesize();
const dynamoDb = await startDynamoDb({});
const queues = await startQueues(template, undefined);
const tables = tableNames(template);
await createTables(dynamoDb.client, template);
await loadSampleData(dynamoDb.client, tables, ITEMS);
const updates = queueUrl(template, queues, 'Updates');
Object.assign(process.env, {
  JOBS_TABLE: tables.jobs,
  PROCEDURES_TABLE: tables.procedures,
  PROCESSES_TABLE: tables.processes,
  UPDATE_QUEUE_URL: updates,
  REMINDER_QUEUE_URL: queueUrl(template, queues, 'Reminders'),
  MAX_RECEIVE_COUNT: '5',
  AWS_ENDPOINT_URL_DYNAMODB: dynamoDb.endpoint,
  AWS_ENDPOINT_URL_SQS: queues.endpoint,
  AWS_REGION: LOCAL_REGION,
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  POWERTOOLS_LOG_LEVEL: 'SILENT',
});
const [accept, apply, closeJob] = await Promise.all([
  import('../../lambdas/accept.ts'),
  import('../../lambdas/apply.ts'),
  import('../../lambdas/close-job.ts'),
]);

const documents = createDocumentClient();
const queueClient = createQueueClient();
const units = new Map<string, number>();
count(documents);

const rows = [];
for (const by of ['id', 'primary key'] as const) rows.push(await measure(by));
await queues.stop();
await dynamoDb.stop();
await template.remove();
console.table(rows);

async function measure(by: 'id' | 'primary key') {
  units.clear();
  const processes = Array.from({ length: ITEMS }, (_, index) => ({
    ...nameOf(by, index + 1),
    update: { data: { city: `City ${index}`, first_name: 'Ada' }, state: 'IN_PROGRESS' },
  }));
  const services = { documents, queues: queueClient, now: Date.now, pause: async () => {} };
  const event = {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ processes }),
    isBase64Encoded: false,
    pathParameters: { procedure: 'lead' },
    requestContext: { requestId: 'bench', authorizer: { team: 'local' } },
  } as unknown as APIGatewayProxyEvent;
  const context = { getRemainingTimeInMillis: () => 28_000 } as Context;
  const { statusCode, body } = await accept.createHandler(services)(event, context);
  if (statusCode !== 202) throw new Error(body);
  await drain(apply.createHandler(services), context);
  const jobId = JSON.parse(body)._data.id as string;
  await close(closeJob.createHandler({ ...services, events: silentEvents() }), jobId);

  const per = (table: string, kind: 'Write' | 'Read') => (units.get(`${table} ${kind}`) ?? 0) / ITEMS;
  return {
    'named by': by,
    'process writes': per(tables.processes, 'Write'),
    'job keeping writes': per(tables.jobs, 'Write'),
    'process reads': per(tables.processes, 'Read'),
    'job keeping reads': per(tables.jobs, 'Read'),
  };
}

function nameOf(by: 'id' | 'primary key', number: number) {
  return by === 'id'
    ? { id: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}` }
    : { lead_id: `LEAD-${String(number).padStart(5, '0')}` };
}

/** Adds up the units that DynamoDB says each request took, by table. */
function count(client: DynamoDBDocumentClient): void {
  client.middlewareStack.add(
    (next) => async (args) => {
      Object.assign(args.input, { ReturnConsumedCapacity: 'TOTAL' });
      const result = await next(args);
      const output = result.output as { ConsumedCapacity?: Consumed | Consumed[] };
      for (const { TableName = '', CapacityUnits = 0 } of [output.ConsumedCapacity ?? []].flat()) {
        const key = `${TableName} ${isWrite(args.input) ? 'Write' : 'Read'}`;
        units.set(key, (units.get(key) ?? 0) + CapacityUnits);
      }
      return result;
    },
    { step: 'initialize' },
  );
}

interface Consumed {
  TableName?: string;
  CapacityUnits?: number;
}

function isWrite(input: object): boolean {
  return 'Item' in input || 'UpdateExpression' in input;
}

/** Applies whatever is queued, in tens. */
async function drain(handler: ReturnType<typeof apply.createHandler>, context: Context): Promise<void> {
  for (;;) {
    const { Messages = [] } = await queueClient.send(
      new ReceiveMessageCommand({
        QueueUrl: updates,
        MaxNumberOfMessages: 10,
        MessageSystemAttributeNames: ['All'],
      }),
    );
    if (Messages.length === 0) return;
    const Records = Messages.map(({ MessageId, ReceiptHandle, Body, Attributes }) => ({
      messageId: MessageId,
      receiptHandle: ReceiptHandle,
      body: Body,
      attributes: Attributes,
      eventSource: 'aws:sqs',
    }));
    const { batchItemFailures } = await handler({ Records } as unknown as SQSEvent, context);
    if (batchItemFailures.length > 0) throw new Error('An update failed');
    const Entries = Messages.map(({ ReceiptHandle }, Id) => ({ Id: String(Id), ReceiptHandle }));
    await queueClient.send(new DeleteMessageBatchCommand({ QueueUrl: updates, Entries }));
  }
}

async function close(handler: ReturnType<typeof closeJob.createHandler>, jobId: string): Promise<void> {
  const body = JSON.stringify({ jobId, acceptingUntil: 0 });
  const Records = [{ messageId: 'reminder', receiptHandle: 'reminder', body }];
  const { batchItemFailures } = await handler({ Records } as unknown as SQSEvent);
  if (batchItemFailures.length > 0) throw new Error('The job has not ended');
}

/** The event is not what is measured. */
function silentEvents(): EventBridgeClient {
  return Object.assign(new EventBridgeClient(), { send: async () => ({ Entries: [{}] }) });
}

import { DeleteMessageBatchCommand, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { APIGatewayProxyEvent, Context, SQSEvent, SQSRecord } from 'aws-lambda';
import { createDocumentClient } from '../../lambdas/adapters/document-client.ts';
import { createQueueClient } from '../../lambdas/adapters/queue-consumer.ts';
import { PRIMARY_KEY_INDEX } from '../../lambdas/contract/tables.ts';
import { localCredentials } from '../../lib/local/credentials.ts';
import { createTables, startDynamoDb } from '../../lib/local/dynamodb.ts';
import { queueUrl, startQueues } from '../../lib/local/queues.ts';
import { loadSampleData } from '../../lib/local/sample-data.ts';
import { type TableNames, Template, tableNames } from '../../lib/local/template.ts';

/** The leads of the sample: each update has one of its own. */
export const LEADS = 10_000;

/** The local parts without the functions: a bench calls their handlers itself. */
export interface Parts {
  tables: TableNames;
  updatesUrl: string;
  documents: DynamoDBDocumentClient;
  queues: SQSClient;
  stop: () => Promise<void>;
}

/** Starts DynamoDB Local with the sample and the SQS emulator, and points the functions' environment at them. */
export async function startParts(): Promise<Parts> {
  const template = await Template.synthesize();
  const credentials = await localCredentials();
  const dynamoDb = await startDynamoDb({ credentials });
  const emulator = await startQueues(template, credentials, undefined);
  const tables = tableNames(template);
  await createTables(dynamoDb.client, template);
  await loadSampleData(dynamoDb.client, tables, LEADS);
  const updatesUrl = queueUrl(template, emulator, 'Updates');
  Object.assign(process.env, {
    JOBS_TABLE: tables.jobs,
    WAITING_REQUESTS: '10',
    PROCEDURES_TABLE: tables.procedures,
    PROCESSES_TABLE: tables.processes,
    PRIMARY_KEY_INDEX,
    UPDATE_QUEUE_URL: updatesUrl,
    JOB_CHECK_QUEUE_URL: queueUrl(template, emulator, 'Reminders'),
    MAX_RECEIVE_COUNT: '5',
    UNDO: 'true',
    AWS_ENDPOINT_URL_DYNAMODB: dynamoDb.endpoint,
    AWS_ENDPOINT_URL_SQS: emulator.endpoint,
    ...credentials,
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    POWERTOOLS_METRICS_DISABLED: 'true',
  });
  const documents = createDocumentClient();
  const queues = createQueueClient();
  const stop = async () => {
    documents.destroy();
    queues.destroy();
    await emulator.stop();
    await dynamoDb.stop();
    await template.remove();
  };
  return { tables, updatesUrl, documents, queues, stop };
}

export type By = 'id' | 'primaryKey';

/** Items of usual size that update a lead each. */
export function itemsOf(count: number, by: By = 'primaryKey'): Record<string, unknown>[] {
  return Array.from({ length: count }, (_, index) => ({
    ...nameOf(by, index + 1),
    update: {
      data: { city: `City ${index} ${Math.random()}`, score: index, first_name: 'Ada' },
      state: 'IN_PROGRESS',
    },
  }));
}

/** The fields of the same, of processes that are not there. */
export function newItems(count: number): Record<string, unknown>[] {
  return itemsOf(count).map(({ update }, index) => ({
    ...(update as object),
    lead_id: `NEW-${index}-${Math.random()}`,
  }));
}

/** As `loadSampleData` names the leads. */
function nameOf(by: By, number: number): Record<string, string> {
  return by === 'id'
    ? { id: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}` }
    : { lead_id: `LEAD-${String(number).padStart(5, '0')}` };
}

export const CONTEXT = { getRemainingTimeInMillis: () => 28_000 } as Context;

/** An API request of the sample's team. */
export function requestEvent(parts: Partial<APIGatewayProxyEvent>): APIGatewayProxyEvent {
  return {
    resource: '',
    path: '/v1/ext',
    headers: { 'content-type': 'application/json' },
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    isBase64Encoded: false,
    ...parts,
    requestContext: { requestId: 'bench', authorizer: { team: 'local' } },
  } as unknown as APIGatewayProxyEvent;
}

export function bulkRequest(items: readonly unknown[], options?: object): APIGatewayProxyEvent {
  return requestEvent({
    body: JSON.stringify({ processes: items, options }),
    pathParameters: { procedure: 'lead' },
  });
}

export function createRequest(items: readonly unknown[]): APIGatewayProxyEvent {
  return { ...bulkRequest(items), resource: '/process/bulk-create' };
}

/** Takes whatever is queued, in tens, as the event source mapping does. */
export async function takeBatches({ queues, updatesUrl }: Parts): Promise<SQSEvent[]> {
  const batches: SQSEvent[] = [];
  for (;;) {
    const { Messages = [] } = await queues.send(
      new ReceiveMessageCommand({
        QueueUrl: updatesUrl,
        MaxNumberOfMessages: 10,
        MessageSystemAttributeNames: ['All'],
      }),
    );
    if (Messages.length === 0) return batches;
    const Records = Messages.map(
      ({ MessageId, ReceiptHandle, Body, Attributes }) =>
        ({
          messageId: MessageId,
          receiptHandle: ReceiptHandle,
          body: Body,
          attributes: Attributes,
          eventSource: 'aws:sqs',
        }) as unknown as SQSRecord,
    );
    batches.push({ Records });
    const Entries = Messages.map(({ ReceiptHandle }, Id) => ({ Id: String(Id), ReceiptHandle }));
    await queues.send(new DeleteMessageBatchCommand({ QueueUrl: updatesUrl, Entries }));
  }
}

/** @returns milliseconds */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const before = performance.now();
  await work();
  return performance.now() - before;
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

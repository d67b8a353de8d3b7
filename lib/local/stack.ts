import { join } from 'node:path';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { definedOf } from '../../lambdas/contract/defined-of.ts';
import { buildLocalConsole, type LocalConsole } from './console.ts';
import { type LocalCredentials, localCredentials } from './credentials.ts';
import { createTables, startDynamoDb } from './dynamodb.ts';
import { EventSource } from './event-source.ts';
import { type PublishedEvent, startEvents } from './events.ts';
import { startFiles } from './files.ts';
import { FunctionHost } from './functions.ts';
import { Gateway } from './gateway.ts';
import { checkPort } from './loopback.ts';
import { type LocalQueues, startQueues } from './queues.ts';
import { loadSampleData } from './sample-data.ts';
import { idOfArn, type TableNames, Template, tableNames } from './template.ts';

export interface LocalStackOptions {
  /** Port of the API; 0 takes a free one. */
  port: number;
  /** Leads in the sample beside those that the documentation names. */
  sampleSize: number;
  /** Folder that keeps tables, queues and files over a restart; without it they are in memory. */
  dataDir?: string;
  /** A DynamoDB Local that runs already. */
  dynamoDbEndpoint?: string;
  /** Whether the console is built and served at `/`. */
  hasConsole?: boolean;
  /** What is made for several stacks, and removed by who made it; without it, the stack makes its own. */
  made?: { template: Template; console: LocalConsole };
  /** Told of each event that is published. */
  onEvent?: (event: PublishedEvent) => void;
}

export interface LocalStack {
  url: string;
  tables: TableNames;
  dynamoDb: DynamoDBClient;
  dynamoDbEndpoint: string;
  /** What whoever uses its parts has to know. */
  credentials: LocalCredentials;
  eventsEndpoint: string;
  filesEndpoint: string;
  queues: LocalQueues;
  functions: FunctionHost;
  template: Template;
  stop: () => Promise<void>;
}

/** Starts all of the synthesized template on local parts. What it started is stopped when it fails. */
export async function startLocalStack(options: LocalStackOptions): Promise<LocalStack> {
  const stops: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const stopPart of stops.splice(0).reverse()) await stopPart();
  };
  try {
    return { ...(await start(options, (stopPart) => stops.push(stopPart))), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(
  options: LocalStackOptions,
  onStop: (stop: () => Promise<void>) => void,
): Promise<Omit<LocalStack, 'stop'>> {
  const { dataDir, dynamoDbEndpoint, made } = options;
  // Before anything is started, which takes seconds.
  await checkPort(options.port);
  const credentials = await localCredentials({ dataDir, dynamoDbEndpoint });
  const folder = (name: string) => (dataDir === undefined ? undefined : join(dataDir, name));
  const [template, dynamoDb, console] = await allStarted([
    made?.template.copy() ??
      Template.synthesize().then((synthesized) => {
        onStop(() => synthesized.remove());
        return synthesized;
      }),
    startDynamoDb(definedOf({ credentials, endpoint: dynamoDbEndpoint, dataDir: folder('dynamodb') })).then(
      (started) => {
        onStop(started.stop);
        return started;
      },
    ),
    options.hasConsole && made === undefined
      ? buildLocalConsole().then((built) => {
          onStop(built.remove);
          return built;
        })
      : made?.console,
  ]);
  const queues = await startQueues(template, credentials, folder('sqs'));
  onStop(queues.stop);
  const files = await startFiles(template, credentials, folder('s3'));
  onStop(files.stop);

  const events = await startEvents(credentials, options.onEvent);
  onStop(events.stop);
  const functions = new FunctionHost(template, {
    ...credentials,
    AWS_ENDPOINT_URL_EVENTBRIDGE: events.endpoint,
    AWS_ENDPOINT_URL_DYNAMODB: dynamoDb.endpoint,
    AWS_ENDPOINT_URL_SQS: queues.endpoint,
    AWS_ENDPOINT_URL_S3: files.endpoint,
  });
  onStop(() => functions.stop());
  const tables = tableNames(template);
  const created = await createTables(dynamoDb.client, template);
  await Promise.all([
    created.has(tables.processes) ? loadSampleData(dynamoDb.client, tables, options.sampleSize) : undefined,
    functions.warmUp(),
  ]);

  for (const source of eventSources(template, credentials, queues, functions)) {
    source.start();
    onStop(() => source.stop());
  }
  const gateway = new Gateway(template, functions, console?.serve(files.endpoint));
  onStop(() => gateway.stop());
  const url = await gateway.listen(options.port);
  for (const host of ['localhost', '127.0.0.1', '[::1]']) {
    files.allowPagesOf(`http://${host}:${new URL(url).port}`);
  }
  return {
    url,
    tables,
    dynamoDb: dynamoDb.client,
    dynamoDbEndpoint: dynamoDb.endpoint,
    credentials,
    eventsEndpoint: events.endpoint,
    filesEndpoint: files.endpoint,
    queues,
    functions,
    template,
  };
}

/** Waits for all, even when one fails, so that what has started is known and can be stopped. */
async function allStarted<const Parts extends readonly unknown[]>(parts: Parts) {
  await Promise.allSettled(parts);
  return Promise.all(parts);
}

function eventSources(
  template: Template,
  credentials: LocalCredentials,
  queues: LocalQueues,
  functions: FunctionHost,
): EventSource[] {
  return template.ofType('AWS::Lambda::EventSourceMapping').map(([, properties]) => {
    const queueArn = String(template.resolve(properties.EventSourceArn));
    const functionId = String(template.resolve(properties.FunctionName));
    const responseTypes = (properties.FunctionResponseTypes ?? []) as string[];
    return new EventSource({
      endpoint: queues.endpoint,
      credentials,
      queueUrl: queues.urlOf(idOfArn(queueArn)),
      queueArn,
      batchSize: Number(properties.BatchSize ?? 10),
      reportsBatchItemFailures: responseTypes.includes('ReportBatchItemFailures'),
      invoke: (event) => functions.invoke(functionId, event, crypto.randomUUID()),
    });
  });
}

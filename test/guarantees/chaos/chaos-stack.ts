import { SetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import { hashKey } from '../../../lambdas/contract/api-key.ts';
import { clientSettings, localCredentials } from '../../../lib/local/credentials.ts';
import { startDynamoDb } from '../../../lib/local/dynamodb.ts';
import { queueUrl } from '../../../lib/local/queues.ts';
import { type LocalStack, startLocalStack } from '../../../lib/local/stack.ts';
import { startFaultyProxy } from '../../support/faulty-proxy.ts';
import type { DatabaseFaults } from './database-faults.ts';
import type { Team } from './workload.ts';

/** Instead of three minutes, so that what a killed function held comes again while the test runs. */
const VISIBILITY_SECONDS = '4';

const QUEUES = ['Updates', 'Exhausted', 'Reminders', 'DeadLetters'] as const;
export type QueueName = (typeof QUEUES)[number];

/** The functions that are killed, by the constructs that made them. */
export type KilledFunction = 'Accept' | 'Apply' | 'FinalizeJob' | 'DeadLetter';

/** The local stack with what it takes to disturb it and to look behind the API. */
export interface ChaosStack {
  local: LocalStack;
  sqs: SQSClient;
  /** Ids of the jobs whose end was announced. */
  announced: ReadonlySet<string>;
  queueUrl: (name: QueueName) => string;
  functionId: (name: KilledFunction) => string;
  /** How many messages wait in a queue, and how many it holds with those that are not visible now. */
  messagesIn: (name: QueueName) => { waiting: number; all: number };
  stop: () => Promise<void>;
}

/**
 * Starts the local stack and loads the teams.
 * @param database - decides which requests to the database fail; without it they go there directly
 */
export async function startChaosStack(
  teams: readonly Team[],
  database: DatabaseFaults | undefined,
): Promise<ChaosStack> {
  const endpoint = process.env.DYNAMODB_ENDPOINT;
  const credentials = await localCredentials({ dynamoDbEndpoint: endpoint });
  const dynamoDb = await startDynamoDb({ credentials, ...(endpoint === undefined ? {} : { endpoint }) });
  const proxy =
    database === undefined
      ? undefined
      : await startFaultyProxy(dynamoDb.endpoint, (operation, body) => database.faultOf(operation, body));
  const announced = new Set<string>();
  const local = await startLocalStack({
    port: 0,
    sampleSize: 0,
    dynamoDbEndpoint: proxy?.endpoint ?? dynamoDb.endpoint,
    onEvent: ({ detail }) => announced.add((detail as { id: string }).id),
  });
  const sqs = new SQSClient(clientSettings(local.queues.endpoint, local.credentials));
  const urlOf = (name: QueueName) => queueUrl(local.template, local.queues, name);
  for (const name of ['Updates', 'Exhausted', 'Reminders'] as const) {
    const Attributes = { VisibilityTimeout: VISIBILITY_SECONDS };
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl: urlOf(name), Attributes }));
  }
  await loadTeams(local, teams);
  return {
    local,
    sqs,
    announced,
    queueUrl: urlOf,
    functionId(name) {
      const [[id] = []] = local.template
        .ofType('AWS::Lambda::Function')
        .filter(([functionId]) => functionId.startsWith(name));
      if (id === undefined) throw new Error(`The template has no function ${name}`);
      return id;
    },
    messagesIn(name) {
      const id = urlOf(name).split('/').at(-1) ?? '';
      const messages = local.queues.store.inspectQueue(id)?.messages;
      if (messages === undefined) throw new Error(`There is no queue ${name}`);
      const { ready, delayed, inflight } = messages;
      return { waiting: ready.length, all: ready.length + delayed.length + inflight.length };
    },
    async stop() {
      sqs.destroy();
      await local.stop();
      await proxy?.stop();
      await dynamoDb.stop();
    },
  };
}

async function loadTeams({ dynamoDb, tables }: LocalStack, teams: readonly Team[]): Promise<void> {
  const documents = DynamoDBDocumentClient.from(dynamoDb);
  const puts = teams.flatMap(({ name, apiKey, procedure, processes }) => [
    { TableName: tables.apiKeys, Item: { keyHash: hashKey(apiKey), team: name } },
    { TableName: tables.procedures, Item: { ...procedure } },
    ...processes.map((process) => ({ TableName: tables.processes, Item: { ...process } })),
  ]);
  await pMap(puts, (put) => documents.send(new PutCommand(put)), { concurrency: 16 });
}

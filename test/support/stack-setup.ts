import type { TestProject } from 'vitest/node';
import type { LocalCredentials } from '../../lib/local/credentials.ts';
import { queueUrl } from '../../lib/local/queues.ts';
import { startLocalStack } from '../../lib/local/stack.ts';
import type { TableNames } from '../../lib/local/template.ts';

/** Leads in the sample: 5,000 for the bulk test to update each once, and some for generated requests. */
export const SAMPLE_SIZE = 5_040;

declare module 'vitest' {
  export interface ProvidedContext {
    baseUrl: string;
    /** Undefined when the tests run against a deployed API. */
    local:
      | {
          dynamoDb: string;
          sqs: string;
          events: string;
          credentials: LocalCredentials;
          tables: TableNames;
          queueUrl: string;
        }
      | undefined;
  }
}

/** Starts the local stack for the tests that need one, unless BASE_URL names an API to test. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const baseUrl = process.env.BASE_URL;
  if (baseUrl !== undefined) {
    project.provide('baseUrl', baseUrl.replace(/\/$/, ''));
    project.provide('local', undefined);
    return undefined;
  }
  const endpoint = process.env.DYNAMODB_ENDPOINT;
  const stack = await startLocalStack({
    port: 0,
    sampleSize: SAMPLE_SIZE,
    hasConsole: true,
    ...(endpoint === undefined ? {} : { dynamoDbEndpoint: endpoint }),
  });
  project.provide('baseUrl', stack.url);
  project.provide('local', {
    dynamoDb: stack.dynamoDbEndpoint,
    sqs: stack.queues.endpoint,
    events: stack.eventsEndpoint,
    credentials: stack.credentials,
    tables: stack.tables,
    queueUrl: queueUrl(stack.template, stack.queues, 'Updates'),
  });
  return stack.stop;
}

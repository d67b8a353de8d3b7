import type { TestProject } from 'vitest/node';
import { buildLocalConsole, type LocalConsole } from '../../lib/local/console.ts';
import type { LocalCredentials } from '../../lib/local/credentials.ts';
import { queueUrl } from '../../lib/local/queues.ts';
import { startLocalStack } from '../../lib/local/stack.ts';
import { type TableNames, Template } from '../../lib/local/template.ts';

/** Leads in the sample: 5,000 for the bulk test to update each once, and some for generated requests. */
export const SAMPLE_SIZE = 5_040;

/** What a file of tests has for itself while it runs. */
export interface TestedStack {
  baseUrl: string;
  /** Undefined when the tests run against a deployed API. */
  local:
    | {
        dynamoDb: string;
        sqs: string;
        events: string;
        s3: string;
        credentials: LocalCredentials;
        tables: TableNames;
        queueUrl: string;
      }
    | undefined;
}

declare module 'vitest' {
  export interface ProvidedContext {
    /** One for each worker, in the order of their numbers. */
    stacks: TestedStack[];
  }
}

/** Starts a local stack for each worker of the tests that need one, unless BASE_URL names an API to test. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const baseUrl = process.env.BASE_URL;
  if (baseUrl !== undefined) {
    project.provide('stacks', [{ baseUrl: baseUrl.replace(/\/$/, ''), local: undefined }]);
    return undefined;
  }
  const count = Math.min(project.vitest.state.getPaths().length, project.config.maxWorkers);
  const [template, console] = await Promise.all([Template.synthesize(), buildLocalConsole()]);
  const stacks = await Promise.all(Array.from({ length: count }, () => startStack({ template, console })));
  project.provide(
    'stacks',
    stacks.map(
      (stack): TestedStack => ({
        baseUrl: stack.url,
        local: {
          dynamoDb: stack.dynamoDbEndpoint,
          sqs: stack.queues.endpoint,
          events: stack.eventsEndpoint,
          s3: stack.filesEndpoint,
          credentials: stack.credentials,
          tables: stack.tables,
          queueUrl: queueUrl(stack.template, stack.queues, 'Updates'),
        },
      }),
    ),
  );
  return async () => {
    await Promise.all(stacks.map((stack) => stack.stop()));
    await Promise.all([template.remove(), console.remove()]);
  };
}

function startStack(made: { template: Template; console: LocalConsole }) {
  const endpoint = process.env.DYNAMODB_ENDPOINT;
  return startLocalStack({
    port: 0,
    sampleSize: SAMPLE_SIZE,
    made,
    ...(endpoint === undefined ? {} : { dynamoDbEndpoint: endpoint }),
  });
}

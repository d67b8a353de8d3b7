import * as v from 'valibot';
import { definedOf } from '../lambdas/contract/defined-of.ts';
import { EXIT_CODES } from '../lib/cli/exit-code.ts';
import { createProgram, runProgram } from '../lib/cli/program.ts';
import { lineOf, type PublishedEvent } from '../lib/local/events.ts';
import { queueUrl } from '../lib/local/queues.ts';
import { type LocalStack, startLocalStack } from '../lib/local/stack.ts';
import { tell } from '../lib/local/tell.ts';

const whole = (maximum: number) => v.pipe(v.string(), v.digits(), v.transform(Number), v.maxValue(maximum));

const environmentSchema = v.object({
  PORT: v.optional(whole(65_535), '3000'),
  SAMPLE_SIZE: v.optional(whole(1_000_000), '1000'),
  DATA_DIR: v.optional(v.pipe(v.string(), v.nonEmpty())),
  DYNAMODB_ENDPOINT: v.optional(v.pipe(v.string(), v.url())),
  WEBHOOK_URL: v.optional(v.pipe(v.string(), v.url())),
});

const program = createProgram('npm start --', 'Runs the API and the console on this machine, until Ctrl-C.')
  .addHelpText(
    'after',
    `
Environment variables:
  PORT               port of the API; 0 for a free one (default: 3000)
  SAMPLE_SIZE        number of sample leads (default: 1000)
  DATA_DIR           folder that keeps tables, queues and files over a restart; default: in memory
  DYNAMODB_ENDPOINT  a running DynamoDB Local; default: one is started with Java
  WEBHOOK_URL        where events are posted`,
  )
  .action(run);

await runProgram(program);

/** Reads the settings and runs the stack until a signal stops it. */
async function run(): Promise<void> {
  const parsed = v.safeParse(environmentSchema, process.env);
  if (!parsed.success) {
    for (const issue of parsed.issues) console.error(`${v.getDotPath(issue)}: ${issue.message}`);
    process.exit(EXIT_CODES.usage);
  }
  const { PORT, SAMPLE_SIZE, DATA_DIR, DYNAMODB_ENDPOINT, WEBHOOK_URL } = parsed.output;
  const starting = startLocalStack({
    port: PORT,
    sampleSize: SAMPLE_SIZE,
    ...definedOf({ dataDir: DATA_DIR, dynamoDbEndpoint: DYNAMODB_ENDPOINT }),
    hasConsole: true,
    onEvent: (event) => void show(event, WEBHOOK_URL),
  });

  let isStopping = false;
  const stop = async (exitCode: number): Promise<void> => {
    if (isStopping) return;
    isStopping = true;
    const stack = await starting.catch(() => undefined);
    await stack?.stop();
    process.exit(exitCode);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void stop(0));
  process.on('uncaughtException', (error) => {
    console.error(error);
    void stop(1);
  });

  const stack = await starting;
  if (!isStopping) greet(stack);
}

/** Prints an event, and posts it as a rule with an API destination would. */
async function show(event: PublishedEvent, webhookUrl: string | undefined): Promise<void> {
  console.log(lineOf(event));
  if (webhookUrl === undefined) return;
  try {
    await fetch(webhookUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(event),
    });
  } catch (error) {
    tell(`The event could not be posted to ${webhookUrl}:`, error);
  }
}

/** Prints how to begin, then a first request, and last what operators need. A shell takes all from curl on. */
function greet(stack: LocalStack): void {
  const variables = Object.entries(settingsOfCommands(stack)).map(([name, value]) => `${name}=${value}`);
  console.log(`ready · open ${stack.url} · sign in with local-key (read-key and plan-key may do less)

Documentation: ${stack.url}/docs
A first request:

curl -sS -X PATCH ${stack.url}/v1/ext/procedure/lead/process \\
  -H 'authorization: Bearer local-key' -H 'content-type: application/json' \\
  -d '{"processes":[{"lead_id":"LEAD-910","update":{"data":{"city":"Tokyo"},"state":"IN_PROGRESS"}}]}'

# What the commands of operators need (docs/operators.md):
export ${variables.join(' ')}`);
}

/** Returns what the operator's commands need as variables: the endpoints and the outputs of the stack. */
function settingsOfCommands({
  dynamoDbEndpoint,
  credentials,
  queues,
  tables,
  template,
}: LocalStack): Record<string, string> {
  return {
    AWS_ENDPOINT_URL_DYNAMODB: dynamoDbEndpoint,
    AWS_ENDPOINT_URL_SQS: queues.endpoint,
    ...credentials,
    ApiKeysTable: tables.apiKeys,
    ProceduresTable: tables.procedures,
    ProcessesTable: tables.processes,
    UpdateQueueUrl: queueUrl(template, queues, 'Updates'),
    DeadLetterQueueUrl: queueUrl(template, queues, 'DeadLetters'),
  };
}

import * as v from 'valibot';
import { lineOf, type PublishedEvent } from '../lib/local/events.ts';
import { queueUrl } from '../lib/local/queues.ts';
import { type LocalStack, startLocalStack } from '../lib/local/stack.ts';
import { tell } from '../lib/local/tell.ts';

const whole = (maximum: number) => v.pipe(v.string(), v.digits(), v.transform(Number), v.maxValue(maximum));

/** What the environment may set; see README.md, "Run it locally". */
const environmentSchema = v.object({
  PORT: v.optional(whole(65_535), '3000'),
  SAMPLE_SIZE: v.optional(whole(1_000_000), '1000'),
  DATA_DIR: v.optional(v.pipe(v.string(), v.nonEmpty())),
  DYNAMODB_ENDPOINT: v.optional(v.pipe(v.string(), v.url())),
  WEBHOOK_URL: v.optional(v.pipe(v.string(), v.url())),
});

const parsed = v.safeParse(environmentSchema, process.env);
if (!parsed.success) {
  for (const issue of parsed.issues) console.error(`${v.getDotPath(issue)}: ${issue.message}`);
  process.exit(1);
}
const { PORT, SAMPLE_SIZE, DATA_DIR, DYNAMODB_ENDPOINT, WEBHOOK_URL } = parsed.output;

const starting = startLocalStack({
  port: PORT,
  sampleSize: SAMPLE_SIZE,
  ...(DATA_DIR === undefined ? {} : { dataDir: DATA_DIR }),
  ...(DYNAMODB_ENDPOINT === undefined ? {} : { dynamoDbEndpoint: DYNAMODB_ENDPOINT }),
  hasConsole: true,
  onEvent: (event) => void show(event),
});

/** Prints an event, and posts it as a rule with an API destination would. */
async function show(event: PublishedEvent): Promise<void> {
  console.log(lineOf(event));
  if (WEBHOOK_URL === undefined) return;
  try {
    await fetch(WEBHOOK_URL, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(event),
    });
  } catch (error) {
    tell(`The event could not be posted to ${WEBHOOK_URL}:`, error);
  }
}

/** What the commands (keys, procedures, redrive) need: where to, and the stack's outputs as variables. */
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

let isStopping = false;
async function stop(exitCode: number): Promise<void> {
  if (isStopping) return;
  isStopping = true;
  const stack = await starting.catch(() => undefined);
  await stack?.stop();
  process.exit(exitCode);
}

process.on('SIGINT', () => void stop(0));
process.on('SIGTERM', () => void stop(0));
process.on('SIGHUP', () => void stop(0));
process.on('uncaughtException', (error) => {
  console.error(error);
  void stop(1);
});

const stack = await starting.catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
if (!isStopping) {
  console.log(
    `for the commands: export ${Object.entries(settingsOfCommands(stack))
      .map(([name, value]) => `${name}=${value}`)
      .join(' ')}`,
  );
  console.log(`documentation: ${stack.url}/docs`);
  console.log(`console: ${stack.url}/`);
  console.log(`ready ${stack.url}`);
  console.log(`curl -sS -X PATCH ${stack.url}/v1/ext/procedure/lead/process \\
  -H 'authorization: Bearer local-key' -H 'content-type: application/json' \\
  -d '{"processes":[{"lead_id":"LEAD-910","update":{"data":{"city":"Tokyo"},"state":"IN_PROGRESS"}}]}'`);
}

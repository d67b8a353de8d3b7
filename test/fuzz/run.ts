/**
 * Sends generated requests and holds every answer against the description of the API.
 *
 *     npm run fuzz -- --requests 5000                      to a local stack of its own, with attributes of all types
 *     npm run fuzz -- --seed <seed> --path <path>          sends one again, as a failure prints it
 *     npm run fuzz -- --url https://…/live                 to an API that holds the sample data, with API_KEY
 */
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { isEnum } from '../../lambdas/contract/attribute-types.ts';
import { ATTRIBUTE_TYPES, type Attribute, type AttributeType } from '../../lambdas/contract/procedure.ts';
import { positiveInteger } from '../../lib/cli/arguments.ts';
import { createProgram, runProgram } from '../../lib/cli/program.ts';
import { type LocalStack, startLocalStack } from '../../lib/local/stack.ts';
import { ProcedureTable } from '../../lib/operations/procedures.ts';
import { KEYS } from '../support/keys.ts';
import { fuzz } from './fuzz.ts';

/** Leads of the sample. */
const LEADS = Array.from({ length: 200 }, (_, i) => `LEAD-${String(i + 500).padStart(5, '0')}`);
const TELL_EVERY = 500;

interface Flags {
  requests: number;
  seed?: number;
  path?: string;
  url?: string;
}

await runProgram(
  createProgram(
    'npm run fuzz --',
    'Sends generated requests, to a local stack of its own, and holds every response against the description of the API.',
  )
    .option('--requests <count>', 'number of requests', positiveInteger, 5_000)
    .option('--seed <seed>', 'seed of the requests; default: a random one', Number)
    .option('--path <path>', 'sends one request of the seed again, as a failure prints it')
    .option('--url <url>', 'another API, which holds the sample data; its key is in API_KEY')
    .action(run),
  (error) => {
    throw error;
  },
);

async function run({
  requests,
  seed = Math.floor(Math.random() * 2 ** 31),
  path,
  url,
}: Flags): Promise<void> {
  const stack = url === undefined ? await startLocalStack({ port: 0, sampleSize: 1_000 }) : undefined;
  try {
    if (stack !== undefined) await addAttributes(stack);
    console.log(`seed ${seed}`);
    const report = await fuzz({
      url: url ?? stack?.url ?? '',
      requests,
      seed,
      ...(path === undefined ? {} : { path }),
      keys: { valid: KEYS.local, others: [KEYS.other, KEYS.leadOnly] },
      leads: LEADS,
      onRequest: (done) => {
        if (done % TELL_EVERY === 0) console.log(`${done} requests`);
      },
    });
    console.log(`${report.requests} requests in ${report.seconds.toFixed(0)} s`);
    console.table(report.answers);
    if (report.failure !== undefined) {
      console.error(report.failure);
      process.exitCode = 1;
    }
  } finally {
    await stack?.stop();
  }
}

/** Gives the procedure of the sample an attribute of each type, and some with names that mean something elsewhere. */
async function addAttributes({ dynamoDb, tables }: LocalStack): Promise<void> {
  const procedures = new ProcedureTable(DynamoDBDocumentClient.from(dynamoDb), tables.procedures, 'local');
  const lead = await procedures.get('lead');
  if (lead === undefined) throw new Error('The sample has no procedure lead');
  const { attributes } = lead;
  const ofType = (type: AttributeType): Attribute => ({
    type,
    ...(isEnum(type) ? { options: /string/i.test(type) ? ['NEW', '105'] : [0, 105] } : {}),
  });
  const changed = {
    ...lead,
    attributes: {
      ...attributes,
      ...Object.fromEntries(ATTRIBUTE_TYPES.map((type) => [`a_${type}`, ofType(type)])),
      ...Object.fromEntries(['a.b', '#n', ':v0', 'size'].map((name) => [name, ofType('json')])),
    },
  };
  await procedures.put(changed, lead);
}

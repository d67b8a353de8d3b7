import { buildApp } from 'fauxqs';
// The package exports no more than its start, which lets the whole network in.
import { PersistenceManager } from '../../node_modules/fauxqs/dist/persistence.js';
import { S3Store } from '../../node_modules/fauxqs/dist/s3/s3Store.js';
import { SnsStore } from '../../node_modules/fauxqs/dist/sns/snsStore.js';
import { SqsStore } from '../../node_modules/fauxqs/dist/sqs/sqsStore.js';
import type { LocalCredentials } from './credentials.ts';
import { isOfOwnProgram, type LoopbackServer } from './loopback.ts';
import { idOfArn, LOCAL_ACCOUNT, LOCAL_REGION, type Template } from './template.ts';

export interface LocalQueues {
  endpoint: string;
  /** The URL of a queue by its logical id. */
  urlOf: (id: string) => string;
  /** What the emulator holds, for tests to look behind its API. */
  store: SqsStore;
  stop: () => Promise<void>;
}

/** Names of a queue's properties in the template and as attributes of the SQS API are the same. */
const ATTRIBUTES = [
  'VisibilityTimeout',
  'MessageRetentionPeriod',
  'DelaySeconds',
  'ReceiveMessageWaitTimeSeconds',
];

/**
 * Starts the SQS emulator with the template's queues and makes `Ref` of a queue its URL.
 * @param dataDir - folder to keep the messages in; without it they are in memory
 */
export async function startQueues(
  template: Template,
  credentials: LocalCredentials,
  dataDir: string | undefined,
): Promise<LocalQueues> {
  const store = new SqsStore();
  const { endpoint, stop } = await startEmulator(store, credentials, dataDir);
  const urlOf = (id: string) => `${endpoint}/${LOCAL_ACCOUNT}/${id}`;
  for (const [id, properties] of deadLetterQueuesFirst(template)) {
    const attributes: Record<string, string> = {};
    for (const name of ATTRIBUTES) {
      if (properties[name] !== undefined) attributes[name] = String(properties[name]);
    }
    const redrive = template.resolve(properties.RedrivePolicy) as Record<string, unknown> | undefined;
    if (redrive !== undefined) attributes.RedrivePolicy = JSON.stringify(redrive);
    const arn = `arn:aws:sqs:${LOCAL_REGION}:${LOCAL_ACCOUNT}:${id}`;
    if (store.getQueueByArn(arn) === undefined) store.createQueue(id, urlOf(id), arn, attributes);
    template.setReference(id, urlOf(id));
  }
  return { endpoint, urlOf, store, stop };
}

/** Starts the emulator as its own start does, but for this machine's own programs only. */
async function startEmulator(
  sqsStore: SqsStore,
  credentials: LocalCredentials,
  dataDir: string | undefined,
): Promise<LoopbackServer> {
  const stores = { sqsStore, snsStore: new SnsStore(), s3Store: new S3Store() };
  const app = buildApp({ logger: false, stores });
  app.addHook('onRequest', async ({ raw }, reply) => {
    if (!isOfOwnProgram(raw, credentials)) return reply.code(403).send({ __type: 'AccessDeniedException' });
  });
  if (dataDir !== undefined) {
    const kept = new PersistenceManager(dataDir);
    // Loaded before it is attached: what is read must not be written.
    kept.loadSqsAndSns(stores.sqsStore, stores.snsStore);
    sqsStore.persistence = kept;
    for (const queue of sqsStore.allQueues()) queue.persistence = kept;
    app.addHook('preClose', async () => kept.close());
  }
  return { endpoint: await app.listen({ port: 0, host: '127.0.0.1' }), stop: () => app.close() };
}

/** Finds a queue's URL by the construct that made it, such as `Updates`. */
export function queueUrl(template: Template, queues: LocalQueues, name: string): string {
  const [id] = template.ofType('AWS::SQS::Queue').find(([id]) => id.startsWith(`WorkQueue${name}`)) ?? [];
  if (id === undefined) throw new Error(`The template has no queue ${name}`);
  return queues.urlOf(id);
}

/** A queue names the one that its messages move to, which may name another. */
function deadLetterQueuesFirst(template: Template): ReturnType<Template['ofType']> {
  const queues = template.ofType('AWS::SQS::Queue');
  const depth = (id: string | undefined): number => {
    const redrive = template.resolve(queues.find(([other]) => other === id)?.[1].RedrivePolicy);
    if (redrive === undefined) return 0;
    return 1 + depth(idOfArn((redrive as { deadLetterTargetArn: string }).deadLetterTargetArn));
  };
  return queues.toSorted(([a], [b]) => depth(a) - depth(b));
}

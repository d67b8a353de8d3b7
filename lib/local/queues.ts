import { type FauxqsServer, startFauxqs } from 'fauxqs';
import { idOfArn, LOCAL_ACCOUNT, type Template } from './template.ts';

export interface LocalQueues {
  endpoint: string;
  /** The URL of a queue by its logical id. */
  urlOf: (id: string) => string;
  server: FauxqsServer;
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
export async function startQueues(template: Template, dataDir: string | undefined): Promise<LocalQueues> {
  const server = await startFauxqs({ port: 0, logger: false, ...(dataDir === undefined ? {} : { dataDir }) });
  const endpoint = `http://127.0.0.1:${server.port}`;
  const urlOf = (id: string) => `${endpoint}/${LOCAL_ACCOUNT}/${id}`;
  for (const [id, properties] of deadLetterQueuesFirst(template)) {
    const attributes: Record<string, string> = {};
    for (const name of ATTRIBUTES) {
      if (properties[name] !== undefined) attributes[name] = String(properties[name]);
    }
    const redrive = template.resolve(properties.RedrivePolicy) as Record<string, unknown> | undefined;
    if (redrive !== undefined) attributes.RedrivePolicy = JSON.stringify(redrive);
    if (server.inspectQueue(id) === undefined) server.createQueue(id, { attributes });
    template.setReference(id, urlOf(id));
  }
  return { endpoint, urlOf, server, stop: () => server.stop() };
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

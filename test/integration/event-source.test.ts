import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { SQSRecord } from 'aws-lambda';
import { afterAll, afterEach, beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { EventSource } from '../../lib/local/event-source.ts';
import { listenOnLoopback } from '../../lib/local/loopback.ts';

const CREDENTIALS = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' };
const MESSAGES = ['a', 'b', 'c'].map((id) => ({
  MessageId: id,
  ReceiptHandle: `handle of ${id}`,
  Body: id,
  // The SDK compares it.
  MD5OfBody: createHash('md5').update(id).digest('hex'),
  Attributes: { ApproximateReceiveCount: '1' },
}));

type Answer = { status: number; body: object };
const FAILURE: Answer = { status: 500, body: { __type: 'InternalFailure' } };
const NO_QUEUE: Answer = { status: 400, body: { __type: 'com.amazonaws.sqs#QueueDoesNotExist' } };
const RECEIVED: Answer = { status: 200, body: { Messages: MESSAGES } };
const DELETED: Answer = { status: 200, body: { Successful: [], Failed: [] } };
const NOT_DELETED: Answer = {
  status: 200,
  body: { Successful: [], Failed: [{ Id: '0', Code: 'InternalError', SenderFault: false }] },
};

/** An SQS that gives these answers by action, then finds nothing and deletes everything. */
async function startSqs(answers: { receive: Answer[]; delete: Answer[] }) {
  const deleted: string[] = [];
  const server = createServer(async (request, response) => {
    const body = JSON.parse(Buffer.concat(await request.toArray()).toString());
    const isDelete = String(request.headers['x-amz-target']).endsWith('DeleteMessageBatch');
    const scripted = (isDelete ? answers.delete : answers.receive).shift();
    const answer = scripted ?? (isDelete ? DELETED : { status: 200, body: {} });
    if (isDelete && answer === DELETED) {
      deleted.push(...body.Entries.map(({ ReceiptHandle }: { ReceiptHandle: string }) => ReceiptHandle));
    }
    // An empty queue answers after a while; the source would ask again at once.
    if (!isDelete && scripted === undefined) await new Promise((resolve) => setTimeout(resolve, 100));
    response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(JSON.stringify(answer.body));
  });
  const { endpoint, stop } = await listenOnLoopback(server);
  onTestFinished(stop);
  return { endpoint, deleted };
}

function startSource(endpoint: string, invoke: (event: { Records: SQSRecord[] }) => Promise<unknown>) {
  const source = new EventSource({
    endpoint,
    credentials: CREDENTIALS,
    queueUrl: `${endpoint}/000000000000/queue`,
    queueArn: 'arn:aws:sqs:us-east-1:000000000000:queue',
    batchSize: 10,
    reportsBatchItemFailures: true,
    invoke,
  });
  source.start();
  onTestFinished(() => source.stop());
}

const told = vi.spyOn(console, 'error').mockImplementation(() => {});
afterAll(() => told.mockRestore());
/** A rejection that nobody handles ends `npm start`. */
const unhandled: unknown[] = [];
const onUnhandled = (error: unknown) => unhandled.push(error);
beforeEach(() => {
  told.mockClear();
  unhandled.length = 0;
  process.on('unhandledRejection', onUnhandled);
});
afterEach(() => {
  process.off('unhandledRejection', onUnhandled);
  expect(unhandled).toEqual([]);
});

it.each([
  ['fails', FAILURE],
  ['finds no queue', NO_QUEUE],
])('goes on after a receive that %s', async (_what, failure) => {
  // The SDK tries a failure of the server three times, in each of the five pollers.
  const sqs = await startSqs({ receive: [...Array(15).fill(failure), RECEIVED], delete: [] });
  const batches: string[][] = [];
  startSource(sqs.endpoint, async ({ Records }) => batches.push(Records.map(({ body }) => body)));
  await vi.waitFor(() => expect(sqs.deleted).toHaveLength(3), 20_000);
  expect(batches).toEqual([['a', 'b', 'c']]);
  expect(told).toHaveBeenCalledWith(expect.stringContaining('Receiving messages failed'));
});

it.each([
  // Three deletes are tried three times each: one fails at least, and one succeeds.
  ['fails', Array(7).fill(FAILURE)],
  ['fails for a message', [NOT_DELETED]],
])('goes on after a delete that %s, and takes the messages again', async (_what, failures) => {
  const sqs = await startSqs({ receive: [RECEIVED, RECEIVED, RECEIVED], delete: failures });
  const invoke = vi.fn(async () => undefined);
  startSource(sqs.endpoint, invoke);
  await vi.waitFor(() => expect(sqs.deleted.length).toBeGreaterThanOrEqual(3), 20_000);
  await vi.waitFor(() =>
    expect(told).toHaveBeenCalledWith(expect.stringContaining('Messages could not be deleted')),
  );
  expect(invoke).toHaveBeenCalledTimes(3);
});

it('deletes only what the function did not report as failed', async () => {
  const sqs = await startSqs({ receive: [RECEIVED], delete: [] });
  startSource(sqs.endpoint, async () => ({ batchItemFailures: [{ itemIdentifier: 'b' }] }));
  await vi.waitFor(() => expect(sqs.deleted).toEqual(['handle of a', 'handle of c']));
});

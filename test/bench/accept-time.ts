/** Times accepting, in a process of its own for each size, whose peak memory then is of that size. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import pMap from 'p-map';
import { createQueueClient } from '../../lambdas/adapters/queue-consumer.ts';
import { SENDS_IN_FLIGHT } from '../../lambdas/adapters/update-queue.ts';
import { writeMessage } from '../../lambdas/domain/update-message.ts';
import { bulkRequest, CONTEXT, itemsOf, median, timed } from './parts.ts';

/** Turns that are not counted: accept takes three until its code is compiled, 1,300 ms and then 720. */
const WARM_UP = 3;
const TURNS = 15;
const run = promisify(execFile);

export interface AcceptTimes {
  acceptMs: number;
  /** The same SendMessageBatch calls and JSON.parse of the body. */
  floorMs: number;
  /** Median of the turns' ratios. */
  ratio: number;
  peakBytes: number;
}

/** Times requests with that many items, accept and floor in turn. */
export async function timeAccepting(items: number): Promise<AcceptTimes> {
  const { stdout } = await run(process.execPath, [import.meta.filename, String(items)]);
  return JSON.parse(stdout) as AcceptTimes;
}

if (process.argv[1] === import.meta.filename)
  console.log(JSON.stringify(await measure(Number(process.argv[2]))));

async function measure(count: number): Promise<AcceptTimes> {
  const { handler } = await import('../../lambdas/accept.ts');
  const event = bulkRequest(itemsOf(count));
  const accept = async () => {
    const { statusCode, body } = await handler(event, CONTEXT);
    if (statusCode !== 202) throw new Error(body);
  };
  const client = createQueueClient();
  const floor = async () => {
    JSON.parse(event.body ?? '');
    await sendAlone(client, count);
  };
  const acceptMs: number[] = [];
  const floorMs: number[] = [];
  for (let turn = 0; turn < WARM_UP + TURNS; turn++) {
    const [accepting, sending] = [await timed(accept), await timed(floor)];
    if (turn < WARM_UP) continue;
    acceptMs.push(accepting);
    floorMs.push(sending);
  }
  return {
    acceptMs: median(acceptMs),
    floorMs: median(floorMs),
    ratio: median(acceptMs.map((ms, turn) => ms / (floorMs[turn] ?? Number.NaN))),
    peakBytes: process.resourceUsage().maxRSS * 1024,
  };
}

async function sendAlone(client: ReturnType<typeof createQueueClient>, count: number): Promise<void> {
  const MessageBody = writeMessage({
    jobId: crypto.randomUUID(),
    index: 0,
    team: 'local',
    procedure: 'lead',
    order: 0,
    target: { primaryKey: 'LEAD-00000' },
    update: {
      data: { city: `City 1 ${Math.random()}`, score: 1, first_name: 'Ada' },
      state: 'IN_PROGRESS',
    },
  });
  const Entries = Array.from({ length: 10 }, (_, position) => ({
    Id: String(position),
    MessageBody,
    MessageGroupId: 'local',
  }));
  const QueueUrl = process.env.UPDATE_QUEUE_URL;
  await pMap(
    Array.from({ length: count / 10 }),
    () => client.send(new SendMessageBatchCommand({ QueueUrl, Entries })),
    { concurrency: SENDS_IN_FLIGHT },
  );
}

import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import type { APIGatewayProxyEvent, SQSEvent } from 'aws-lambda';
import { COUNT_AGAIN_MS } from '../../lambdas/domain/job.ts';
import { naiveConsumer } from './naive.ts';
import {
  bulkRequest,
  CONTEXT,
  createRequest,
  itemsOf,
  LEADS,
  newItems,
  type Parts,
  requestEvent,
  takeBatches,
  timed,
} from './parts.ts';

/** Of the naive consumer's, which takes its time and costs the same for each. */
export const NAIVE_UPDATES = 1_000;

/** Of those with a precondition, all of which hold. */
export const GUARDED_UPDATES = 1_000;

/** Of those that leave nothing by which they could be undone. */
export const UPDATES_WITHOUT_UNDO = 1_000;

/** Number of processes that are created. */
export const CREATES = 1_000;

/** What was asked of the services, as they count it. */
export interface Counted {
  writeUnits: number;
  readUnits: number;
  /** Without those that found nothing: how often a queue is asked in vain is a matter of time. */
  sqsRequests: number;
}

export interface Units {
  byId: Counted;
  byPrimaryKey: Counted;
  naive: Counted;
  guarded: Counted;
  /** The undo of `LEADS` updates. */
  undone: Counted;
  withoutUndo: Counted;
  created: Counted;
  /** Of `LEADS` upserts whose processes exist. */
  upserted: Counted;
  /** How long accepting a plan of `LEADS` updates takes. */
  planSeconds: number;
  jobReadUnits: { running: number; finished: number };
  /** A page of 100 entries of a job of `LEADS` that has ended: any, and those that a filter by status finds in none. */
  pageReadUnits: { any: number; filtered: number };
  /** Of counting the end of a job of `LEADS` again, with its results compacted. */
  compacting: Counted;
}

/** Counts what `LEADS` updates of one request cost, from its acceptance to the end of its job. */
export async function countUnits(parts: Parts): Promise<Units> {
  const counter = new Counter(parts);
  const byId = await counter.during(async () => {
    await finish(parts, await accept(parts, itemsOf(LEADS, 'id')));
  });
  let jobId = '';
  const untilFinalized = await counter.during(async () => {
    jobId = await accept(parts, itemsOf(LEADS));
    await applyAll(parts);
  });
  const running = await counter.during(() => readJob(parts, jobId));
  const ending = await counter.during(async () => {
    await check(parts, jobId, Date.now);
  });
  const compacting = await counter.during(() => countAgain(parts, jobId));
  const finished = await counter.during(() => readJob(parts, jobId));
  const page = await counter.during(() => readEntries(parts, jobId));
  const filtered = await counter.during(() => readEntries(parts, jobId, { completionStatus: 'ERROR' }));
  const undone = await counter.during(async () => {
    const undoId = await undo(parts, jobId);
    // The first check releases it.
    await check(parts, undoId, Date.now);
    await finish(parts, undoId);
  });
  const withoutUndo = await counter.during(async () => {
    const id = await accept(parts, itemsOf(UPDATES_WITHOUT_UNDO, 'id'));
    await applyAll(parts, 'false');
    await close(parts, id);
  });
  // The first makes room for decisions in the processes.
  await finish(parts, await accept(parts, guardedItems()));
  const guarded = await counter.during(async () => {
    await finish(parts, await accept(parts, guardedItems()));
  });
  const created = await counter.during(async () => {
    await finish(parts, await acceptRequest(parts, createRequest(newItems(CREATES))));
  });
  const upserted = await counter.during(async () => {
    await finish(parts, await accept(parts, itemsOf(LEADS), { onMissing: 'create' }));
  });
  const planMs = await timed(() => accept(parts, itemsOf(LEADS), { plan: true }));
  await accept(parts, itemsOf(NAIVE_UPDATES));
  const naive = await counter.during(async () => {
    const consume = naiveConsumer(parts);
    for (const batch of await takeBatches(parts)) await consume(batch);
  });
  return {
    byId,
    byPrimaryKey: {
      writeUnits: untilFinalized.writeUnits + ending.writeUnits + compacting.writeUnits,
      readUnits: untilFinalized.readUnits + ending.readUnits + compacting.readUnits,
      sqsRequests: untilFinalized.sqsRequests + ending.sqsRequests + compacting.sqsRequests,
    },
    guarded,
    undone,
    withoutUndo,
    created,
    upserted,
    planSeconds: planMs / 1000,
    naive: { ...naive, sqsRequests: naive.sqsRequests + NAIVE_UPDATES / 10 },
    jobReadUnits: { running: running.readUnits, finished: finished.readUnits },
    pageReadUnits: { any: page.readUnits, filtered: filtered.readUnits },
    compacting,
  };
}

/** Updates that expect the state which those before have left. */
function guardedItems(): Record<string, unknown>[] {
  return itemsOf(GUARDED_UPDATES, 'id').map((item) => ({ ...item, expect: { state: 'IN_PROGRESS' } }));
}

function accept(parts: Parts, items: readonly unknown[], options?: object): Promise<string> {
  return acceptRequest(parts, bulkRequest(items, options));
}

async function acceptRequest({ documents, queues }: Parts, event: APIGatewayProxyEvent): Promise<string> {
  const { createHandler } = await import('../../lambdas/accept.ts');
  const handler = createHandler({ documents, queues, now: Date.now, pause: async () => {} });
  const { statusCode, body } = await handler(event, CONTEXT);
  if (statusCode !== 202) throw new Error(body);
  return JSON.parse(body)._data.id as string;
}

async function undo({ documents, queues }: Parts, id: string): Promise<string> {
  const { createHandler } = await import('../../lambdas/undo-job.ts');
  const event = requestEvent({ httpMethod: 'POST', pathParameters: { id } });
  const { statusCode, body } = await createHandler({ documents, queues, now: Date.now })(event, CONTEXT);
  if (statusCode !== 202) throw new Error(body);
  return JSON.parse(body)._data.id as string;
}

/** @param keepsImages - the setting `undo`, which the function reads when it is loaded */
async function applyAll(parts: Parts, keepsImages: 'true' | 'false' = 'true'): Promise<void> {
  process.env.UNDO = keepsImages;
  const { createHandler }: typeof import('../../lambdas/apply.ts') = await import(
    `../../lambdas/apply.ts?undo=${keepsImages}`
  );
  const { documents, queues } = parts;
  const handler = createHandler({ documents, queues, now: Date.now, pause: async () => {} });
  for (const batch of await takeBatches(parts)) {
    const { batchItemFailures } = await handler(batch, CONTEXT);
    if (batchItemFailures.length > 0) throw new Error('An update failed');
  }
}

/** Brings the reminder of a job that has ended, and once more when its end is to be counted again. */
async function close(parts: Parts, jobId: string): Promise<void> {
  await check(parts, jobId, Date.now);
  await countAgain(parts, jobId);
}

async function countAgain(parts: Parts, jobId: string): Promise<void> {
  const isOver = await check(parts, jobId, () => Date.now() + 2 * COUNT_AGAIN_MS);
  if (!isOver) throw new Error('The job has not ended');
}

/** @returns whether the job needs no further check */
async function check({ documents, queues }: Parts, jobId: string, now: () => number): Promise<boolean> {
  const { createHandler } = await import('../../lambdas/finalize-job.ts');
  const pause = async () => {};
  const handler = createHandler({ documents, queues, events: silentEvents(), now, pause });
  const body = JSON.stringify({ jobId, acceptingUntil: 0 });
  const Records = [{ messageId: 'reminder', receiptHandle: 'reminder', body }];
  const { batchItemFailures } = await handler({ Records } as unknown as SQSEvent, CONTEXT);
  return batchItemFailures.length === 0;
}

async function finish(parts: Parts, jobId: string): Promise<void> {
  await applyAll(parts);
  await close(parts, jobId);
}

async function readJob({ documents }: Parts, id: string): Promise<void> {
  const { createHandler } = await import('../../lambdas/read-job.ts');
  const handler = createHandler({ documents, now: Date.now, pause: async () => {} });
  await answered(handler(requestEvent({ pathParameters: { id } }), CONTEXT));
}

async function readEntries(
  { documents }: Parts,
  id: string,
  filter: Record<string, string> = {},
): Promise<void> {
  const { createHandler } = await import('../../lambdas/read-entries.ts');
  const query = { limit: '100', ...filter };
  const event = requestEvent({
    pathParameters: { id },
    queryStringParameters: query,
    multiValueQueryStringParameters: Object.fromEntries(
      Object.entries(query).map(([name, value]) => [name, [value]]),
    ),
  });
  await answered(createHandler({ documents, now: Date.now })(event, CONTEXT));
}

async function answered(answer: Promise<{ statusCode: number; body: string }>): Promise<void> {
  const { statusCode, body } = await answer;
  if (statusCode !== 200) throw new Error(body);
}

/** The event is not what is measured. */
function silentEvents(): EventBridgeClient {
  return Object.assign(new EventBridgeClient(), { send: async () => ({ Entries: [{}] }) });
}

interface Consumed {
  CapacityUnits?: number;
}

class Counter {
  #counted: Counted = { writeUnits: 0, readUnits: 0, sqsRequests: 0 };

  constructor({ documents, queues }: Parts) {
    documents.middlewareStack.add(
      (next, { commandName = '' }) =>
        async (args) => {
          Object.assign(args.input, { ReturnConsumedCapacity: 'TOTAL' });
          const result = await next(args);
          const output = result.output as { ConsumedCapacity?: Consumed | Consumed[] };
          const isWrite = /^(Put|Update|Delete|TransactWrite)/.test(commandName);
          for (const { CapacityUnits = 0 } of [output.ConsumedCapacity ?? []].flat()) {
            this.#counted[isWrite ? 'writeUnits' : 'readUnits'] += CapacityUnits;
          }
          return result;
        },
      { step: 'initialize' },
    );
    queues.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          const result = await next(args);
          const { Messages } = result.output as { Messages?: unknown[] };
          const isInVain = commandName === ReceiveMessageCommand.name && Messages === undefined;
          if (!isInVain) this.#counted.sqsRequests += 1;
          return result;
        },
      { step: 'initialize' },
    );
  }

  async during(work: () => Promise<void>): Promise<Counted> {
    this.#counted = { writeUnits: 0, readUnits: 0, sqsRequests: 0 };
    await work();
    return { ...this.#counted };
  }
}

import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { SQSEvent } from 'aws-lambda';
import pMap from 'p-map';
import { directWrite } from '../../lambdas/adapters/process-write.ts';
import { mergeUpdates, UNTOUCHED } from '../../lambdas/domain/merge.ts';
import { parseMessage } from '../../lambdas/domain/update-message.ts';
import { naiveConsumer } from './naive.ts';
import {
  type By,
  bulkRequest,
  CONTEXT,
  itemsOf,
  LEADS,
  median,
  type Parts,
  takeBatches,
  timed,
} from './parts.ts';

/** Concurrent invocations, each with a batch of ten: the number of pollers that Lambda begins with. */
const INVOCATIONS = 5;
/** Number of turns. Each turn times each way once, so that what slows the machine down slows all ways down. */
const TURNS = 10;
/** The floor's order numbers are so far from ours: beyond a turn's, and short of the next request's. */
const SHIFT = 2_500;
/** The naive consumer, which takes its time, in the first of them only. */
const NAIVE_TURNS = 2;

export interface ApplyTimes {
  /** Milliseconds for `LEADS` updates of ten jobs, named by id. */
  oursById: number;
  /** Median of the turns' ratios to the same writes alone. */
  vsFloor: number;
  /** Milliseconds for `LEADS` updates of one job, named by id. */
  wholeJob: number;
  /** Median of the turns' ratios of the naive consumer to ours, by primary key. */
  naiveVsOurs: number;
}

/** Times applying against the same writes alone, and against the consumer that most would write. */
export async function timeApplying(parts: Parts): Promise<ApplyTimes> {
  const { createHandler } = await import('../../lambdas/apply.ts');
  const handlers = Array.from({ length: INVOCATIONS }, () =>
    createHandler({ ...parts, now: Date.now, pause: async () => {} }),
  );
  const apply = async (batch: SQSEvent) => {
    const handler = handlers.pop();
    if (handler === undefined) throw new Error('More invocations than environments');
    const { batchItemFailures } = await handler(batch, CONTEXT);
    if (batchItemFailures.length > 0) throw new Error('An update failed');
    handlers.push(handler);
  };
  const each = (batches: readonly SQSEvent[], work: (batch: SQSEvent) => Promise<void>) =>
    timed(() => pMap(batches, work, { concurrency: INVOCATIONS }));

  const oursById: number[] = [];
  const vsFloor: number[] = [];
  const naiveVsOurs: number[] = [];
  // One more, to warm up.
  for (let turn = 0; turn <= TURNS; turn++) {
    const byId = await batchesOf(parts, LEADS / TURNS, 'id');
    // Whichever comes first warms things up for the other.
    const isFloorFirst = turn % 2 === 0;
    const before = isFloorFirst ? await timed(() => writeAlone(parts, byId, -SHIFT)) : 0;
    const ours = await each(byId, apply);
    const after = isFloorFirst ? 0 : await timed(() => writeAlone(parts, byId, SHIFT));
    if (turn === 0) continue;
    oursById.push(ours);
    vsFloor.push(ours / (before + after));
    if (turn > NAIVE_TURNS) continue;
    const byPrimaryKey = await batchesOf(parts, LEADS / TURNS, 'primaryKey');
    const oursByPrimaryKey = await each(byPrimaryKey, apply);
    naiveVsOurs.push((await each(byPrimaryKey, naiveConsumer(parts))) / oursByPrimaryKey);
  }
  const whole = await batchesOf(parts, LEADS, 'id');
  return {
    oursById: oursById.reduce((sum, ms) => sum + ms, 0),
    vsFloor: median(vsFloor),
    wholeJob: await each(whole, apply),
    naiveVsOurs: median(naiveVsOurs),
  };
}

/** Accepts that many updates. @returns them as the queue delivers them */
async function batchesOf(parts: Parts, count: number, by: By): Promise<SQSEvent[]> {
  const { createHandler } = await import('../../lambdas/accept.ts');
  const accept = createHandler({ ...parts, now: Date.now, pause: async () => {} });
  const { statusCode, body } = await accept(bulkRequest(itemsOf(count, by)), CONTEXT);
  if (statusCode !== 202) throw new Error(body);
  return takeBatches(parts);
}

/**
 * The bare loop: the same writes once more, as if they had been accepted a little earlier or later.
 * @param shift - of their order numbers, less than that of the next request
 */
async function writeAlone(
  { documents, tables }: Parts,
  batches: readonly SQSEvent[],
  shift: number,
): Promise<void> {
  const writes = batches
    .flatMap(({ Records }) => Records)
    .map(({ body }) => {
      const { team, procedure, target, order, update } = parseMessage(body);
      const { changes } = mergeUpdates([{ order: order + shift, update }], UNTOUCHED);
      const write = directWrite({ id: target.id ?? '', team, procedure }, changes, {
        primaryKey: undefined,
        from: order + shift,
        now: Date.now(),
      });
      return new UpdateCommand({ TableName: tables.processes, ...(write ?? { Key: {} }) });
    });
  await pMap(writes, (write) => documents.send(write), { concurrency: 10 * INVOCATIONS });
}

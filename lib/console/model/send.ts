import { MAX_ENTRIES, MAX_REQUEST_BYTES } from '../../../lambdas/contract/limits.ts';
import type { Row } from '../../../lambdas/rows/row.ts';
import { batchesOf, DRY_RUN_ITEMS } from '../../client/batches.ts';
import type { BulkUpdateClient, Entry } from '../../client/index.ts';
import { sendBatch } from '../../client/send-batch.ts';

/** A request that the API has taken. */
export interface SentJob {
  id: string;
  total: number;
  /** Whether it had been taken before, so that nothing was sent twice. */
  isReplay: boolean;
}

/** Tells what would become of the rows, some at a time and in their order. */
export async function* tryRows(
  client: BulkUpdateClient,
  procedure: string,
  rows: readonly Row[],
): AsyncGenerator<Entry[], void, void> {
  for await (const { body } of batchesOf(rows, { items: DRY_RUN_ITEMS, bytes: MAX_REQUEST_BYTES })) {
    const { entries } = await client.submitText(procedure, body, { dryRun: true });
    yield entries;
  }
}

/**
 * Sends the rows in requests as large as may be, one after the other so that their order decides. Their keys are those
 * of the command line: the same rows are accepted once, from wherever they are sent and however often.
 * @param salt - makes other keys, to send again what has been sent
 */
export async function* sendRows(
  client: BulkUpdateClient,
  procedure: string,
  rows: readonly Row[],
  salt?: string,
): AsyncGenerator<SentJob, void, void> {
  const isOfFailed = rows.some(({ hadErrors }) => hadErrors);
  for await (const batch of batchesOf(rows, { items: MAX_ENTRIES, bytes: MAX_REQUEST_BYTES })) {
    const mayRepeat = isOfFailed || batch.count === rows.length;
    const { job, total, isReplay } = await sendBatch(client, procedure, batch, { salt, mayRepeat });
    yield { id: job.id, total, isReplay };
  }
}

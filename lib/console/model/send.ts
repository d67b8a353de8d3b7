import { MAX_ENTRIES, MAX_REQUEST_BYTES } from '../../../lambdas/contract/limits.ts';
import type { FileFormat } from '../../../lambdas/rows/file-format.ts';
import type { Row } from '../../../lambdas/rows/row.ts';
import { batchesOf, DRY_RUN_ITEMS } from '../../client/batches.ts';
import type { Creates } from '../../client/creates.ts';
import type { BulkUpdateClient, DryRunEntry, Safeguards } from '../../client/index.ts';
import { labelOfFile } from '../../client/job-label.ts';
import { sendBatch } from '../../client/send-batch.ts';
import { tryBatch } from '../../client/try-batch.ts';

/** A request that the API accepted. */
export interface SentJob {
  id: string;
  total: number;
  /** Whether it was accepted before, so that nothing was sent twice. */
  isReplay: boolean;
  /** Whether it was accepted as a plan. */
  isPlan: boolean;
}

export interface SendRowsOptions {
  /** Changes the keys, so that the same rows are sent again. */
  salt?: string | undefined;
  safeguards?: Safeguards | undefined;
  /** Saves the rows as plans, of which nothing is applied before they are approved. */
  isPlan?: boolean | undefined;
  /** Whether rows may create their process. */
  creates?: Creates | undefined;
  /** Told when a job was aborted, and rows are left that are not sent. */
  onAborted?: () => void;
}

/** Yields what would happen to the rows, in batches and in their order. */
export async function* tryRows(
  client: BulkUpdateClient,
  procedure: string,
  rows: readonly Row[],
  creates?: Creates,
): AsyncGenerator<DryRunEntry[], void, void> {
  for await (const batch of batchesOf(rows, { items: DRY_RUN_ITEMS, bytes: MAX_REQUEST_BYTES })) {
    for await (const { dryRun } of tryBatch(client, procedure, batch, creates)) yield dryRun.entries;
  }
}

/**
 * Sends the rows in requests that are as large as possible, one after the other to keep their order. The idempotency keys
 * are those of the command line, so that the same rows are accepted once from either. The jobs are called like the file.
 *
 * With safeguards, a request is sent when the job of the one before has ended, and none after an aborted one. Plans wait for
 * their approval, and a request for none of them.
 * @param source - where the rows come from; pasted rows have no file
 */
export async function* sendRows(
  client: BulkUpdateClient,
  procedure: string,
  source: { file: string | undefined; format: FileFormat },
  rows: readonly Row[],
  { salt, safeguards, isPlan, creates, onAborted }: SendRowsOptions = {},
): AsyncGenerator<SentJob, void, void> {
  const label = source.file === undefined ? {} : labelOfFile(source.file);
  const hasLines = source.format !== 'json';
  let sent = 0;
  const isOfFailed = rows.some(({ hadErrors }) => hadErrors);
  for await (const batch of batchesOf(rows, { items: MAX_ENTRIES, bytes: MAX_REQUEST_BYTES })) {
    const mayRepeat = isOfFailed || batch.count === rows.length;
    const { job, total, isReplay } = await sendBatch(client, procedure, batch, {
      ...label,
      hasLines,
      salt,
      mayRepeat,
      safeguards,
      plan: isPlan,
      creates,
    });
    const wasPlanned = job.completionStatus === 'PLANNED';
    yield { id: job.id, total, isReplay, isPlan: wasPlanned };
    sent += batch.count;
    if (wasPlanned || safeguards === undefined || sent === rows.length) continue;
    for await (const { completionStatus } of client.watch(job.id)) {
      if (completionStatus !== 'ABORTED') continue;
      onAborted?.();
      return;
    }
  }
}

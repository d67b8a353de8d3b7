import { contradiction } from './api-error.ts';
import { type Batch, idempotencyKeyOf } from './batches.ts';
import type { Accepted, BulkUpdateClient } from './index.ts';

export interface SendOptions {
  /** Makes other idempotency keys, to send again what has been sent. */
  salt?: string | undefined;
  /**
   * Whether the items are sent again if they were accepted before and none of them was applied. So failed rows are sent as
   * they are once their cause is gone, while a run that broke off sends nothing twice.
   */
  mayRepeat: boolean;
}

/**
 * Sends a batch. Its idempotency key is made of what is sent and, if that was sent before in vain, of the job that it was
 * then: whoever sends the same again finds the same job.
 */
export async function sendBatch(
  client: BulkUpdateClient,
  procedure: string,
  batch: Batch,
  { salt = '', mayRepeat }: SendOptions,
): Promise<Accepted> {
  const jobs = new Set<string>();
  for (let suffix = salt; ; ) {
    const idempotencyKey = await idempotencyKeyOf(procedure, batch, suffix);
    const accepted = await client.submitText(procedure, batch.body, { idempotencyKey });
    const { id } = accepted.job;
    if (!accepted.isReplay || !mayRepeat || !(await wasInVain(client, id))) return accepted;
    if (jobs.size === jobs.add(id).size) throw contradiction(202, 'gives the same job for another key');
    suffix = `${salt} ${id}`;
  }
}

/** Whether a job has ended without having applied anything. */
async function wasInVain(client: BulkUpdateClient, jobId: string): Promise<boolean> {
  const { completionStatus, counts } = await client.job(jobId);
  return completionStatus !== 'IN_PROGRESS' && counts.SUCCESS === 0 && counts.NOT_STARTED === 0;
}

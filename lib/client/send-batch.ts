import { definedOf } from '../../lambdas/contract/defined-of.ts';
import { ApiError, contradiction } from './api-error.ts';
import { type Batch, idempotencyKeyOf } from './batches.ts';
import { type Creates, submitItems } from './creates.ts';
import type { Accepted, BulkUpdateClient, Job, JobStatus } from './index.ts';
import type { Safeguards } from './job-label.ts';

export interface SendOptions {
  /** What to call the job. */
  name?: string | undefined;
  /** Name of the file that the items come from. */
  file?: string | undefined;
  safeguards?: Safeguards | undefined;
  /** Refuses the request if any of its items is invalid. */
  rejectInvalid?: boolean | undefined;
  /** Stores the request as a plan, which is not applied before it is approved. */
  plan?: boolean | undefined;
  /** Whether items may create their process. */
  creates?: Creates | undefined;
  /** Whether the items are at lines of their file: elements of a JSON array are not. */
  hasLines: boolean;
  /** Changes the idempotency keys, so that the same items are sent again. */
  salt?: string | undefined;
  /**
   * Whether the items are sent again if they were accepted before and none of them was applied. Then failed rows can be
   * sent unchanged once their cause is gone, and a repeated run still sends nothing twice.
   */
  mayRepeat: boolean;
}

/**
 * Sends a batch. Its idempotency key depends on the items and, if a job applied none of them, on that job. So sending the
 * same items again returns the same job, also from a file that was renamed meanwhile.
 */
export async function sendBatch(
  client: BulkUpdateClient,
  procedure: string,
  batch: Batch,
  options: SendOptions,
): Promise<Accepted> {
  const { salt = '', mayRepeat, name, file, hasLines, safeguards, plan, creates } = options;
  const { rejectInvalid = false } = options;
  const lines = hasLines ? batch.rows.map(({ line }) => line) : undefined;
  const source = definedOf({ file, lines });
  const isKnown = Object.keys(source).length > 0;
  const label = definedOf({ name, source: isKnown ? source : undefined });
  const submit = (idempotencyKey: string, isRejecting: boolean) => {
    const inBody = {
      ...label,
      ...safeguards,
      ...(plan === true && { plan }),
      ...(isRejecting && { onInvalid: 'reject' as const }),
    };
    return submitItems(client, procedure, { body: batch.body, creates, options: inBody }, { idempotencyKey });
  };
  const jobs = new Set<string>();
  // The API takes items that update, and the same ones that create, for different requests.
  for (let suffix = creates === undefined ? salt : `${salt} ${creates}`; ; ) {
    const idempotencyKey = await idempotencyKeyOf(procedure, batch, suffix);
    const accepted = await submit(idempotencyKey, rejectInvalid).catch((error: unknown) => {
      // The same items were accepted with the other option: a job has them already.
      if (isReused(error)) return submit(idempotencyKey, !rejectInvalid);
      throw error;
    });
    const { id } = accepted.job;
    if (!accepted.isReplay || !mayRepeat || !isInVain(await client.job(id))) return accepted;
    if (jobs.size === jobs.add(id).size) throw contradiction(202, 'returned the same job for another key');
    suffix = `${salt} ${id}`;
  }
}

function isReused(error: unknown): boolean {
  return error instanceof ApiError && error.codes.includes('IDEMPOTENCY_KEY_REUSED');
}

const UNENDED: readonly JobStatus[] = ['PLANNED', 'AWAITING_UPLOAD', 'IN_PROGRESS'];

/** Whether a job has ended without applying anything, so that its items may be sent again. */
export function isInVain({ completionStatus, counts }: Job): boolean {
  return !UNENDED.includes(completionStatus) && counts.SUCCESS === 0 && counts.NOT_STARTED === 0;
}

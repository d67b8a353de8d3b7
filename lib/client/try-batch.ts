import { ApiError } from './api-error.ts';
import { type Batch, halvesOf } from './batches.ts';
import { type Creates, submitItems } from './creates.ts';
import type { BulkUpdateClient, DryRun } from './index.ts';

/** Items and what would happen to them. */
export interface Tried {
  batch: Batch;
  dryRun: DryRun;
}

/** Yields what would happen to the items of a batch, or of parts of it where the response would be too large. */
export async function* tryBatch(
  client: BulkUpdateClient,
  procedure: string,
  batch: Batch,
  creates?: Creates,
): AsyncGenerator<Tried, void, void> {
  const items = { body: batch.body, creates };
  const trying = submitItems(client, procedure, items, { dryRun: true });
  const dryRun = await trying.catch((error: unknown) => {
    if (batch.count > 1 && error instanceof ApiError && error.codes.includes('ANSWER_TOO_LARGE'))
      return undefined;
    throw error;
  });
  if (dryRun !== undefined) yield { batch, dryRun };
  else for (const half of halvesOf(batch)) yield* tryBatch(client, procedure, half, creates);
}

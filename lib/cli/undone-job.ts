import { contradiction } from '../client/api-error.ts';
import type { BulkUpdateClient, Job } from '../client/index.ts';

/** A job of which nothing is to be applied any more. */
export interface UndoneJob {
  id: string;
  /** The job that undid it. */
  by: string;
  /** Whether all of its entries were undone. */
  isWhole: boolean;
}

/** Tells by what a job is undone. Who undoes the undo has applied the job again: then it is undefined. */
export async function undoneJob(client: BulkUpdateClient, id: string): Promise<UndoneJob | undefined> {
  const undos: Job[] = [];
  const ids = new Set([id]);
  for (let { undoneBy } = await client.job(id); undoneBy !== undefined; ) {
    if (ids.size === ids.add(undoneBy).size) throw contradiction(200, 'returned jobs that undo each other');
    const undo = await client.job(undoneBy);
    undos.push(undo);
    undoneBy = undo.undoneBy;
  }
  const [undo] = undos;
  if (undo === undefined || undos.length % 2 === 0) return undefined;
  const { ERROR, CANCELLED, NOT_STARTED } = undo.counts;
  return { id, by: undo.id, isWhole: ERROR + CANCELLED + NOT_STARTED === 0 };
}

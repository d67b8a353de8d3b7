import { definedOf } from '../contract/defined-of.ts';
import { RETRYABLE_CODES } from '../contract/errors.ts';
import type { Procedure } from '../contract/procedure.ts';
import type { UpdateRequest } from './accept-updates.ts';
import type { TextErrors } from './check-item.ts';
import { orderIn } from './job.ts';
import type { JobState, Submissions } from './ports.ts';
import { progressOfState } from './progress.ts';
import { RequestError } from './request-error.ts';
import { foldResults, isRetryable } from './results.ts';

/**
 * Makes a request of the failed entries of a job that may succeed if they are sent again.
 *
 * They keep their order numbers: what has been overtaken since does not undo anything, and what had been
 * applied after all is not applied again.
 *
 * @throws RequestError 409 when the job is in progress, or has no such entries
 */
export async function retryOf(
  state: JobState,
  procedure: Procedure,
  submissions: Submissions,
): Promise<UpdateRequest> {
  const { job } = state;
  checkRetryable(state);
  const isSentAgain = retriedOf(state);
  const items: unknown[] = [];
  const texts = new Map<number, () => TextErrors>();
  const orders: number[] = [];
  const lines: number[] = [];
  for (const [number, start] of job.chunkStarts.entries()) {
    const end = job.chunkStarts[number + 1] ?? job.total;
    if (!rangeHas(start, end, isSentAgain)) continue;
    for (const [offset, entry] of (await submissions.readChunk(job.id, number)).entries()) {
      const index = start + offset;
      if (entry.errors !== undefined || !isSentAgain(index)) continue;
      const { text, line } = entry;
      if (text !== undefined) texts.set(items.length, () => ({ listed: [], more: 0, text }));
      items.push(entry.item);
      orders.push(entry.order ?? orderIn(job, index));
      if (line !== undefined) lines.push(line);
    }
  }
  if (items.length === 0) throw nothingToRetry();
  const source = definedOf({ file: job.file, lines: lines.length === 0 ? undefined : lines });
  const onMissing = job.creates === 'missing' ? ('create' as const) : undefined;
  const options = definedOf({ name: job.name, source, onMissing });
  const creates = job.creates === 'all' ? { creates: job.creates } : {};
  return { procedure, items, textErrors: texts, options, ...creates, retried: { parent: job.id, orders } };
}

function rangeHas(start: number, end: number, holds: (index: number) => boolean): boolean {
  for (let index = start; index < end; index++) if (holds(index)) return true;
  return false;
}

/** @throws RequestError 409 when the job is in progress, or undone */
export function checkRetryable(state: JobState): void {
  if (['PLANNED', 'AWAITING_UPLOAD', 'IN_PROGRESS'].includes(progressOfState(state).status)) {
    throw new RequestError(
      'JOB_IN_PROGRESS',
      'The job is still in progress. Retry its failed entries when it has ended.',
    );
  }
  if (state.job.undoneBy !== undefined) {
    throw new RequestError(
      'JOB_UNDONE',
      'The job is undone, so its failed entries are not sent again. Send what is still to change as a new request.',
    );
  }
}

/** Tells which entries of a job are sent again. */
export function retriedOf({ log }: JobState): (index: number) => boolean {
  const results = foldResults(log);
  return (index) => {
    const result = results.get(index)?.result;
    return result !== undefined && isRetryable(result);
  };
}

export function nothingToRetry(): RequestError {
  return new RequestError(
    'NOTHING_TO_RETRY',
    `No entry of the job ended in an error that may pass (${RETRYABLE_CODES.join(', ')}). Correct the failed ones and send them as a new request.`,
  );
}

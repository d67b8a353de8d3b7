import { createHash } from 'node:crypto';
import type { UpdateOptions } from '../contract/options.ts';
import type { AcceptedJob } from './accept-updates.ts';
import { isOver } from './job.ts';
import type { IdempotencyRecords, Jobs } from './ports.ts';
import { RequestError } from './request-error.ts';

export interface OncePorts {
  idempotencyRecords: IdempotencyRecords;
  jobs: Jobs;
  now: () => number;
  /** When the function's time limit ends this invocation, in epoch ms. */
  deadline: () => number;
  newId: () => string;
}

/** A request that may be sent twice and is to be accepted once. */
export interface KeyedRequest {
  team: string;
  /** Of the header Idempotency-Key. */
  key: string;
  fingerprint: string;
}

/**
 * Tells requests apart: by the procedure, the text of the body without its options, whether it creates processes, and the
 * options that change what is accepted. Those that only say what to call a job and its entries do not count.
 */
export function fingerprintOf(
  procedure: string,
  text: string,
  { name: _name, source: _source, ...counting }: UpdateOptions & { creates?: 'all' | undefined } = {},
): string {
  const hash = createHash('sha256').update(JSON.stringify(procedure)).update(text);
  // A request without such options is the same as before there were any.
  if (Object.keys(counting).length > 0) hash.update(JSON.stringify(counting));
  return hash.digest('hex');
}

/**
 * Accepts a request unless it has been accepted within 24 hours; then the response is the first job.
 *
 * When the first time broke off half-way, its job fails and is left behind, and this time is the first again:
 * applying the updates that it had queued once more changes nothing.
 *
 * @throws RequestError 422 when the key came with another request, 503 while this one is being accepted
 */
export async function acceptOnce(
  { team, key, fingerprint }: KeyedRequest,
  accept: (jobId: string) => Promise<AcceptedJob>,
  { idempotencyRecords, jobs, now, deadline, newId }: OncePorts,
): Promise<AcceptedJob & { isReplay: boolean }> {
  const record = { team, key, fingerprint, jobId: newId(), acceptingUntil: deadline() };
  const standing = await idempotencyRecords.take(record, now());
  if (standing !== undefined) {
    if (standing.fingerprint !== fingerprint) throw reused();
    const job = await jobs.find(standing.jobId);
    if (job?.queuedAt !== undefined) {
      const queued = job.plan === undefined ? job.total - job.invalid - (job.notQueued?.length ?? 0) : 0;
      return { job, queued, isReplay: true };
    }
    const isGivenUp = isOver(standing.acceptingUntil, now());
    if (!isGivenUp || (await idempotencyRecords.take(record, now(), standing.jobId)) !== undefined)
      throw inUse();
  }
  try {
    return { ...(await accept(record.jobId)), isReplay: false };
  } catch (error) {
    // After any other error all may be queued, and that be noted: the next time finds out.
    if (error instanceof RequestError) await idempotencyRecords.release(record);
    throw error;
  }
}

function reused(): RequestError {
  return new RequestError(
    'IDEMPOTENCY_KEY_REUSED',
    'This Idempotency-Key came with another request in the last 24 hours. Send every new request with a new key.',
  );
}

function inUse(): RequestError {
  return new RequestError(
    'IDEMPOTENCY_KEY_IN_USE',
    'The first request with this Idempotency-Key is still being accepted. Send this one again in a few seconds.',
  );
}

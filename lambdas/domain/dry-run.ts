import { MAX_ENTRIES } from '../contract/limits.ts';
import type { EntryCounts } from '../contract/statuses.ts';
import type { Entry } from '../contract/views.ts';
import { checkCount, checkItems, type UpdateRequest } from './accept-updates.ts';
import { applyTogether, type Delivery, INDEX_LAG_MS, MAX_STATE_ATTEMPTS } from './apply-updates.ts';
import { entryOf } from './entry.ts';
import type { StoredJob } from './job.ts';
import type { Processes } from './ports.ts';
import { progressOf } from './progress.ts';
import { type FoldedResult, foldResults, type ResultBatch } from './results.ts';
import type { SubmittedEntry } from './submission.ts';
import { orderOf } from './update-message.ts';

export interface DryRunPorts {
  /** Decides as the real one does, and writes nothing. */
  processes: Processes;
  now: () => number;
  deadline: () => number;
  onFailure: (error: unknown) => void;
  /** Told of each entry as soon as it is known; throws when there is no room for it. */
  onEntry: (entry: Entry) => void;
}

export interface DryRunResult {
  entries: Entry[];
  counts: EntryCounts;
}

/** Newer than every request that was ever accepted. */
const SEQUENCE = Math.floor(Number.MAX_SAFE_INTEGER / MAX_ENTRIES) - 1;

/**
 * Shows what would become of each entry now: the real check and the real application, on a job that is never
 * stored and processes that are never written.
 *
 * @throws RequestError when there are no items or too many
 * @throws Error when a process could not be read
 */
export async function dryRun(request: UpdateRequest, ports: DryRunPorts): Promise<DryRunResult> {
  const total = request.items.length;
  checkCount(total);
  const { procedure } = request;
  const now = ports.now();
  const job: StoredJob = {
    id: 'dry-run',
    team: procedure.team,
    procedure: procedure.shortId,
    primaryKey: procedure.primaryKey,
    sequence: SEQUENCE,
    // Not just now, so that a primary key which the index does not know is missing.
    createdAt: now - INDEX_LAG_MS,
    total,
    invalid: 0,
    chunkStarts: [],
    acceptingUntil: now,
    queuedAt: now,
  };
  const entries: Entry[] = [];
  const tell = (index: number, sent: SubmittedEntry, result: FoldedResult | undefined) => {
    // Nothing has been tried, and nothing is done.
    const entry = { ...entryOf(job, index, sent, result), attempts: 0, completedAt: 0 };
    ports.onEntry(entry);
    entries[index] = entry;
  };

  const submitted: SubmittedEntry[] = [];
  const valid = checkItems(request, (entry) => {
    if (entry.errors !== undefined) tell(submitted.length, entry, undefined);
    submitted.push(entry);
  });
  const deliveries = valid.map(
    ({ index, target, update }): Delivery => ({
      messageId: String(index),
      message: {
        jobId: job.id,
        index,
        team: job.team,
        procedure: job.procedure,
        order: orderOf(SEQUENCE, index),
        target,
        update,
      },
      // All are here, so that none is still on its way.
      receives: MAX_STATE_ATTEMPTS,
      keptUntil: now,
    }),
  );
  const log: ResultBatch[] = [];
  const retries = await applyTogether(deliveries, {
    ...ports,
    jobs: {
      find: async () => job,
      appendResults: async (_jobId, batch) => {
        log.push(batch);
      },
    },
    maxAttempts: Number.POSITIVE_INFINITY,
    remove: async () => {},
    postpone: async () => [],
    isTransient: () => false,
    onRecorded: () => {},
  });
  if (retries.size > 0) throw new Error(`${retries.size} entries of a dry run could not be decided`);
  const results = foldResults(log);
  for (const { index } of valid) {
    const entry = submitted[index];
    if (entry !== undefined) tell(index, entry, results.get(index));
  }
  return { entries, counts: progressOf({ ...job, invalid: total - valid.length }, results).counts };
}

import { MAX_ENTRIES } from '../contract/limits.ts';
import type { Process } from '../contract/process.ts';
import type { EntryCounts } from '../contract/statuses.ts';
import type { DryRunEntry, Entry } from '../contract/views.ts';
import { checkCount, checkItems, type UpdateRequest } from './accept-updates.ts';
import { type ApplyPorts, applyTogether, INDEX_LAG_MS, MAX_STATE_ATTEMPTS } from './apply-updates.ts';
import type { Delivery } from './delivery.ts';
import { entryOf } from './entry.ts';
import type { FieldChanges } from './field-changes.ts';
import type { IndexedItem } from './held-updates.ts';
import type { StoredJob } from './job.ts';
import { type PlannedFields, plannedFields } from './planned-fields.ts';
import type { Processes, ReferencedUpdate } from './ports.ts';
import { progressOf } from './progress.ts';
import { RequestError } from './request-error.ts';
import { type EntryResult, type FoldedResult, foldResults, type ResultBatch } from './results.ts';
import type { SubmittedEntry } from './submission.ts';
import { orderOf, type UpdateMessage } from './update-message.ts';

export interface DryRunPorts {
  /** Decides as the real one does, writes nothing, and tells what each update would change, by its order number. */
  processes: (
    onChanges: (order: number, changes: FieldChanges) => void,
    onRead: (process: Process, updates: readonly ReferencedUpdate[]) => void,
  ) => Processes;
  now: () => number;
  deadline: () => number;
  onFailure: (error: unknown) => void;
  /** Told of the changes of each entry as soon as they are known; throws when there is no room for them. */
  onChanges: (changes: FieldChanges) => void;
  /** The same with each entry. */
  onEntry: (entry: DryRunEntry) => void;
}

export interface DryRunResult {
  entries: DryRunEntry[];
  counts: EntryCounts;
  /** Each entry as it was sent. */
  submitted: SubmittedEntry[];
  /** The valid ones, with what their fields have now, and what keeps them from being applied. */
  decided: DecidedUpdate[];
}

/** A valid update as it would end now. */
export interface DecidedUpdate extends IndexedItem {
  /** What each of its fields has now; undefined without a process. */
  fields: PlannedFields | undefined;
  end: Pick<EntryResult, 'result' | 'processId'> | undefined;
}

/** Newer than every request that was ever accepted. */
export const DRY_RUN_SEQUENCE = Math.floor(Number.MAX_SAFE_INTEGER / MAX_ENTRIES) - 1;

/**
 * Shows what would become of each entry now: the real check and the real application, on a job that is never
 * stored and processes that are never written.
 *
 * @throws RequestError when there are no items or too many, or no room for what they would change
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
    sequence: DRY_RUN_SEQUENCE,
    // Not just now, so that a primary key which the index does not know is missing.
    createdAt: now - INDEX_LAG_MS,
    total,
    invalid: 0,
    chunkStarts: [],
    acceptingUntil: now,
    queuedAt: now,
  };
  const submitted: SubmittedEntry[] = [];
  const entries: DryRunEntry[] = [];
  const changes = new Map<number, FieldChanges>();
  const fields = new Map<number, PlannedFields>();
  const tell = (index: number, sent: SubmittedEntry, result?: FoldedResult) => {
    const entry = triedEntry(
      entryOf(job, index, sent, result),
      changes.get(orderOf(DRY_RUN_SEQUENCE, index)),
    );
    ports.onEntry(entry);
    entries[index] = entry;
  };

  const valid = checkItems(request, (entry) => {
    if (entry.errors !== undefined) tell(submitted.length, entry);
    submitted.push(entry);
  });
  const messages = valid.map(
    ({ index, target, update, expect, create }): UpdateMessage => ({
      jobId: job.id,
      index,
      team: job.team,
      procedure: job.procedure,
      order: orderOf(DRY_RUN_SEQUENCE, index),
      target,
      update,
      ...(expect && { expect }),
      ...(create && { create }),
    }),
  );
  const log = await tryTogether(job, messages, {
    ...ports,
    processes: ports.processes(
      (order, found) => {
        ports.onChanges(found);
        changes.set(order, found);
      },
      (process, updates) => {
        for (const update of updates) fields.set(update.order, plannedFields(process, update));
      },
    ),
  });
  const results = foldResults(log);
  for (const { index } of valid) {
    const entry = submitted[index];
    if (entry !== undefined) tell(index, entry, results.get(index));
  }
  const { counts } = progressOf({ ...job, invalid: total - valid.length }, results);
  const decided = valid.map(
    (item): DecidedUpdate => ({
      ...item,
      fields: fields.get(orderOf(DRY_RUN_SEQUENCE, item.index)),
      end: results.get(item.index),
    }),
  );
  return { entries, counts, submitted, decided };
}

/** An entry with what would change: nothing has been tried for good, and nothing is done. */
export function triedEntry(
  entry: Entry,
  { before, after }: FieldChanges = { before: {}, after: {} },
): DryRunEntry {
  return { ...entry, attempts: 0, completedAt: 0, before, after };
}

export interface TryPorts extends Pick<ApplyPorts, 'images' | 'now' | 'deadline'> {
  /** They write nothing. */
  processes: Processes;
  onFailure: (error: unknown) => void;
}

/**
 * Applies messages as the real application does, for a job that is not stored and processes that are not written.
 * @returns their results
 * @throws RequestError that telling the changes has thrown
 * @throws Error when a process could not be read
 */
export async function tryTogether(
  job: StoredJob,
  messages: readonly UpdateMessage[],
  ports: TryPorts,
): Promise<ResultBatch[]> {
  const deliveries = messages.map(
    (message): Delivery => ({
      messageId: String(message.index),
      message,
      // All are here, so that none is still on its way.
      receives: MAX_STATE_ATTEMPTS,
      keptUntil: ports.now(),
    }),
  );
  const log: ResultBatch[] = [];
  let refusal: RequestError | undefined;
  const retries = await applyTogether(deliveries, {
    ...ports,
    jobs: {
      find: async () => job,
      readWhole: async () => undefined,
      appendResults: async (_jobId, batch) => {
        log.push(batch);
      },
    },
    maxAttempts: Number.POSITIVE_INFINITY,
    remove: async () => {},
    postpone: async () => [],
    isTransient: () => false,
    onRecorded: () => {},
    onFailure: (error) => {
      if (error instanceof RequestError) refusal ??= error;
      else ports.onFailure(error);
    },
  });
  if (refusal !== undefined) throw refusal;
  if (retries.size > 0) throw new Error(`${retries.size} entries of a dry run could not be decided`);
  return log;
}

import type { DryRunEntry } from '../contract/views.ts';
import { applyTogether, type Delivery, MAX_STATE_ATTEMPTS } from './apply-updates.ts';
import { DRY_RUN_SEQUENCE, type DryRunPorts } from './dry-run.ts';
import { entryOf } from './entry.ts';
import type { FieldChanges } from './field-changes.ts';
import type { StoredJob } from './job.ts';
import type { ImageReader, JobState, Submissions } from './ports.ts';
import { prepareUndo } from './prepare-undo.ts';
import { progressOf } from './progress.ts';
import { messagesOf } from './release.ts';
import { type EntryResult, foldResults, type ResultBatch } from './results.ts';
import { checkUndoable } from './undo-job.ts';

export interface UndoDryRunPorts extends Pick<DryRunPorts, 'now' | 'deadline' | 'onFailure' | 'onEntry'> {
  processes: (
    onChanges: (index: number, changes: FieldChanges) => void,
  ) => ReturnType<DryRunPorts['processes']>;
  submissions: Submissions;
  images: ImageReader;
}

/**
 * Shows what an undo of a job would give back now, and what would stay: the real undo, of processes that are never written.
 *
 * @throws RequestError 409 when the job is in progress, or nothing of it succeeded
 * @throws Error when a process could not be read
 */
export async function undoDryRun(state: JobState, ports: UndoDryRunPorts) {
  checkUndoable(state);
  const now = ports.now();
  const { entries: submitted, updates } = await prepareUndo(state, DRY_RUN_SEQUENCE, ports.submissions);
  const { team, procedure, primaryKey } = state.job;
  const job: StoredJob = {
    id: 'dry-run',
    ...{ team, procedure, primaryKey },
    sequence: DRY_RUN_SEQUENCE,
    createdAt: now,
    total: submitted.length,
    invalid: 0,
    chunkStarts: [],
    acceptingUntil: now,
    queuedAt: now,
  };
  const due = updates.filter(({ refused }) => refused === undefined);
  const deliveries = [...messagesOf(job, due)].map(
    (message): Delivery => ({
      messageId: String(message.index),
      message,
      receives: MAX_STATE_ATTEMPTS,
      keptUntil: now,
    }),
  );
  const ended: EntryResult[] = updates.flatMap(({ index, refused }) =>
    refused === undefined ? [] : [{ index, ...refused, attempts: 0 }],
  );
  const log: ResultBatch[] = [{ startedAt: now, completedAt: now, results: ended }];
  const changes = new Map<number, FieldChanges>();
  const retries = await applyTogether(deliveries, {
    ...ports,
    processes: ports.processes((index, found) => changes.set(index, found)),
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
  });
  if (retries.size > 0) throw new Error(`${retries.size} entries of a dry run could not be decided`);
  const results = foldResults(log);
  const entries = submitted.map((entry, index): DryRunEntry => {
    const { before, after } = changes.get(index) ?? { before: {}, after: {} };
    const shown = {
      ...entryOf(job, index, entry, results.get(index)),
      attempts: 0,
      completedAt: 0,
      before,
      after,
    };
    ports.onEntry(shown);
    return shown;
  });
  return { entries, counts: progressOf(job, results).counts };
}

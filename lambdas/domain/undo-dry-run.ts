import type { DryRunEntry } from '../contract/views.ts';
import { DRY_RUN_SEQUENCE, type DryRunPorts, triedEntry, tryTogether } from './dry-run.ts';
import { entryOf } from './entry.ts';
import type { FieldChanges } from './field-changes.ts';
import type { StoredJob } from './job.ts';
import type { ImageReader, JobState, Submissions } from './ports.ts';
import { prepareUndo } from './prepare-undo.ts';
import { progressOf } from './progress.ts';
import { messagesOf } from './release.ts';
import { type EntryResult, foldResults } from './results.ts';
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
  const ended: EntryResult[] = updates.flatMap(({ index, refused }) =>
    refused === undefined ? [] : [{ index, ...refused, attempts: 0 }],
  );
  const changes = new Map<number, FieldChanges>();
  const tried = await tryTogether(job, [...messagesOf(job, due)], {
    ...ports,
    processes: ports.processes((index, found) => changes.set(index, found)),
  });
  const results = foldResults([{ startedAt: now, completedAt: now, results: ended }, ...tried]);
  const entries = submitted.map((entry, index): DryRunEntry => {
    const shown = triedEntry(entryOf(job, index, entry, results.get(index)), changes.get(index));
    ports.onEntry(shown);
    return shown;
  });
  return { entries, counts: progressOf(job, results).counts };
}

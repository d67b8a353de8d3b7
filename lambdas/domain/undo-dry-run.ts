import { MAX_ENTRIES } from '../contract/limits.ts';
import { ENTRY_STATUSES, type EntryCounts } from '../contract/statuses.ts';
import type { DryRunEntry } from '../contract/views.ts';
import { DRY_RUN_SEQUENCE, type DryRunPorts, triedEntry, tryTogether } from './dry-run.ts';
import { entryOf } from './entry.ts';
import type { FieldChanges } from './field-changes.ts';
import { partId } from './file-job.ts';
import type { StoredJob } from './job.ts';
import type { FileJobs, ImageReader, JobState, Jobs, Submissions } from './ports.ts';
import { prepareUndo } from './prepare-undo.ts';
import { progressOf, progressOfState } from './progress.ts';
import { messagesOf } from './release.ts';
import { RequestError } from './request-error.ts';
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

/**
 * The same of a file job with no more entries than a request has.
 *
 * @throws RequestError 413 when more of its entries succeeded
 */
export async function fileUndoDryRun(state: JobState, ports: FileUndoDryRunPorts) {
  checkUndoable(state);
  const { SUCCESS } = progressOfState(state).counts;
  if (SUCCESS > MAX_ENTRIES)
    throw new RequestError(
      'ANSWER_TOO_LARGE',
      `${SUCCESS} entries of the job succeeded; a dry run shows at most ${MAX_ENTRIES}. Undo the job without a dry run: the undo can be undone, too.`,
    );
  const entries: DryRunEntry[] = [];
  let counts: EntryCounts | undefined;
  for (const chunk of await ports.fileJobs.chunksFrom(state.job.id, 0, MAX_ENTRIES)) {
    if (chunk.counts?.SUCCESS === 0) continue;
    const part = await ports.jobs.readWhole(partId(state.job.id, chunk.row));
    if (part === undefined) continue;
    const tried = await undoDryRun(part, ports);
    for (const entry of tried.entries) entries.push({ ...entry, index: entries.length });
    counts = sumOf(counts, tried.counts);
  }
  return { entries, counts: counts ?? NONE };
}

export interface FileUndoDryRunPorts extends UndoDryRunPorts {
  jobs: Pick<Jobs, 'readWhole'>;
  fileJobs: Pick<FileJobs, 'chunksFrom'>;
}

const NONE: EntryCounts = { INVALID: 0, NOT_STARTED: 0, SUCCESS: 0, ERROR: 0, CANCELLED: 0 };

function sumOf(one: EntryCounts = NONE, other: EntryCounts): EntryCounts {
  return Object.fromEntries(
    ENTRY_STATUSES.map((status) => [status, one[status] + other[status]]),
  ) as EntryCounts;
}

import { definedOf } from '../contract/defined-of.ts';
import type { Outcome } from '../contract/statuses.ts';
import { identifierOf } from './entry.ts';
import type { HeldUpdate } from './held-updates.ts';
import { orderIn, type StoredJob } from './job.ts';
import type { JobState, Submissions } from './ports.ts';
import { type FoldedResult, foldResults } from './results.ts';
import type { SubmittedEntry } from './submission.ts';
import { orderOf, type UndoneReference } from './update-message.ts';

/** What undoes a job: an entry for each of its entries that succeeded, and an update for each process. */
export interface PreparedUndo {
  entries: SubmittedEntry[];
  /** In the order of their index; each has that of the first of its entries. */
  updates: HeldUpdate[];
}

/** An entry that succeeded. */
interface Succeeded {
  /** Position in the undo. */
  index: number;
  /** Position in the undone job. */
  undone: number;
  order: number;
  result: FoldedResult;
  processId: string;
}

/**
 * Prepares the undo of a job that has ended.
 *
 * All entries of one process are undone in one write: only together they tell what a field had before the first of them.
 *
 * @param sequence - the undo's place in the team's order of acceptance
 */
export async function prepareUndo(
  { job, log }: JobState,
  sequence: number,
  submissions: Submissions,
): Promise<PreparedUndo> {
  const results = foldResults(log);
  const entries: SubmittedEntry[] = [];
  const succeeded: Succeeded[] = [];
  for (const [number, start] of job.chunkStarts.entries()) {
    for (const [offset, submitted] of (await submissions.readChunk(job.id, number)).entries()) {
      const undone = start + offset;
      const result = results.get(undone);
      if (result === undefined || !('outcome' in result.result)) continue;
      const { id } = submitted.item as { id?: string };
      const order = submitted.order ?? orderIn(job, undone);
      const processId = result.processId ?? String(id);
      succeeded.push({ index: entries.length, undone, order, result, processId });
      entries.push(undoneEntry(submitted, job));
    }
  }
  const updates: HeldUpdate[] = [];
  for (const group of Map.groupBy(succeeded, ({ processId }) => processId).values()) {
    const [together, alone] = [group.filter(hasImage), group.filter((entry) => !hasImage(entry))];
    updates.push(...alone.map(endedAlready));
    const [first] = together;
    if (first === undefined) continue;
    updates.push(undoOf(job, together, alone));
    for (const { index } of together.slice(1)) {
      const entry = entries[index];
      // All have the order number of the one update that undoes them.
      if (entry !== undefined) entries[index] = { ...entry, order: orderOf(sequence, first.index) };
    }
  }
  return { entries, updates: updates.sort((a, b) => a.index - b.index) };
}

/** An entry of an undo is named as the one that it undoes. */
function undoneEntry({ line, key, ...submitted }: SubmittedEntry, { primaryKey }: StoredJob): SubmittedEntry {
  const text = JSON.stringify(identifierOf({ ...submitted, ...definedOf({ key }) }, primaryKey));
  const written = submitted.text === undefined ? undefined : text;
  return { item: JSON.parse(text), ...definedOf({ text: written, line, key }) };
}

function hasImage({ result }: Succeeded): boolean {
  return result.imageAt !== undefined;
}

/** What wrote nothing leaves nothing to undo; of what wrote, the image is lost or was never kept. */
function endedAlready(entry: Succeeded): HeldUpdate {
  const { index, processId } = entry;
  const hasWritten = ['APPLIED', 'CREATED', 'REVERTED'].includes(outcomeOf(entry) ?? '');
  return {
    index,
    target: { id: processId },
    update: {},
    refused: {
      result: hasWritten ? { error: 'NOT_REVERSIBLE' } : { outcome: 'UNCHANGED' },
      processId,
    },
  };
}

function outcomeOf({ result: { result } }: Succeeded): Outcome | undefined {
  return 'outcome' in result ? result.outcome : undefined;
}

function undoOf(job: StoredJob, entries: readonly Succeeded[], alone: readonly Succeeded[]): HeldUpdate {
  const places = [...new Set(entries.map(({ result }) => result.imageAt ?? ''))];
  const references = entries.map(
    ({ index, undone, order, result }): UndoneReference => [
      index,
      undone,
      order,
      places.indexOf(result.imageAt ?? ''),
    ],
  );
  const lost = alone.filter((entry) => outcomeOf(entry) !== 'SUPERSEDED').map(({ order }) => order);
  const [{ index, processId } = { index: 0, processId: '' }] = entries;
  return {
    index,
    target: { id: processId },
    update: {},
    undo: { jobId: job.id, places, entries: references, lost },
  };
}

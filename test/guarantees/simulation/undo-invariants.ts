/** What has to hold of undos, by the contract alone, as `invariants.ts`. */
import type { Evidence, SeenEntry, SeenJob } from './evidence.ts';
import type { Plan } from './plan.ts';

/** By then an invocation that began before has ended, clocks that differ included. */
const LONGEST_INVOCATION_MS = 20_000;

/** Whether the value of an entry stands where no newer one does, by what its undos say. */
export type Fate = 'stands' | 'taken back' | 'unclear';

/** @param all - the entries of all undos */
export function fateOf(entry: SeenEntry, field: string, all: readonly SeenEntry[]): Fate {
  const fates = all
    .filter(({ undone }) => undone === entry)
    .map((undo): Fate => {
      // It had changed nothing, or the undo did not come to its end: some of it may have been written.
      if (undo.end !== 'SUCCESS' || undo.outcome === 'UNCHANGED') return 'unclear';
      if (undo.outcome !== 'REVERTED' || undo.kept.includes(field)) return 'stands';
      const ofUndo = fateOf(undo, field, all);
      if (ofUndo === 'unclear') return 'unclear';
      if (ofUndo === 'stands') return 'taken back';
      // What of it stays is told by the one entry of a process that had given the field back, not by the others.
      return undo.job.entries.length > 1 ? 'unclear' : 'stands';
    });
  if (fates.includes('taken back')) return 'taken back';
  return fates.includes('unclear') ? 'unclear' : 'stands';
}

/** The entry that was sent by a client, of one that undoes it or its undo. */
export function sentEntryOf(entry: SeenEntry): SeenEntry {
  return entry.undone === undefined ? entry : sentEntryOf(entry.undone);
}

/** Whether an undo had given a field of an entry back long before a time. */
export function wasTakenBackBy(
  entry: SeenEntry,
  field: string,
  at: number,
  all: readonly SeenEntry[],
  { results }: Evidence,
): boolean {
  // What was undone in turn may have been in force for a time.
  const undos = all.filter(
    (undo) =>
      undo.undone === entry && !undo.kept.includes(field) && !all.some(({ undone }) => undone === undo),
  );
  return undos.some(({ job, index }) =>
    results.some(
      (result) =>
        result.jobId === job.id &&
        result.index === index &&
        result.code === 'REVERTED' &&
        result.at < at - LONGEST_INVOCATION_MS,
    ),
  );
}

/** Of a job there is one undo, unless it was cancelled, broke off or was undone. */
export function onceUndoneViolations(job: SeenJob, { jobs }: Evidence): string[] {
  const undos = jobs.filter(({ header }) => header.undoes === job.id && header.parent === undefined);
  const standing = undos.filter(
    (undo) =>
      !['CANCELLED', 'FAILED'].includes(undo.status) && !jobs.some(({ header }) => header.undoes === undo.id),
  );
  return standing.length <= 1 ? [] : [`${standing.map(({ id }) => id)} all undo ${job.id}`];
}

/** How an entry of an undo may end. */
export function allowedUndoEnds(
  { name, undone }: SeenEntry,
  { faults, outage }: Plan,
  { expired }: Evidence,
): string[] {
  if (undone === undefined) return [`the undo of an entry: ${name} is none`];
  const allowed = ['SUCCESS'];
  const { refused, answerLost, late, stalled, killed, throttled } = faults;
  // Who wrote may never have recorded what it found.
  if (refused + answerLost + late + stalled + killed + throttled > 0 || outage !== undefined)
    allowed.push('NOT_REVERSIBLE');
  if (expired.has(name) || killed + stalled + throttled + answerLost > 0 || faults.partial > 0.05)
    allowed.push('PROCESSING_FAILED');
  return allowed;
}

/** Whatever an undo keeps, something else than the undone job has set. */
export function keptViolations(
  undo: SeenEntry,
  fields: readonly string[],
  setters: (field: string) => readonly SeenEntry[],
  hasNewest: (field: string) => boolean,
  isApart: Evidence['isApart'] = () => false,
): string[] {
  const { name, outcome, kept, undone } = undo;
  if (undone === undefined || (outcome !== 'KEPT' && kept.length === 0)) return [];
  const stay = outcome === 'KEPT' ? fields : kept;
  const reasons = stay.filter(
    (field) =>
      hasNewest(field) || setters(field).some((other) => other.job !== undone.job || isApart(undone, other)),
  );
  return reasons.length > 0 ? [] : [`${name} keeps ${stay}, which nothing else has set`];
}

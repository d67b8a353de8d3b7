import { oneLine } from '../../../lambdas/contract/printable.ts';
import type { DryRunEntry, Entry, ErrorBody, Job } from '../../client/index.ts';
import { CREATED_WORDS, counted, ENTRY_WORDS, outcomeText, type StatusWords } from './words.ts';

/** What becomes of an entry of an undo. */
export type UndoKind =
  | 'reverted'
  | 'deleted'
  | 'partly'
  | 'kept'
  | 'unchanged'
  | 'failed'
  | 'waiting'
  | 'cancelled';

/** What a record would have after an undo. Only the entry of a dry run tells it. */
type MayTellAfter = Partial<Pick<DryRunEntry, 'after'>>;

export function undoKindOf({
  completionStatus,
  outcome,
  kept = [],
  after = {},
}: Pick<Entry, 'completionStatus' | 'outcome' | 'kept'> & MayTellAfter): UndoKind {
  if (completionStatus === 'NOT_STARTED') return 'waiting';
  if (completionStatus === 'CANCELLED') return 'cancelled';
  if (outcome === 'REVERTED' && after.isDeleted === true) return 'deleted';
  if (outcome === 'REVERTED') return kept.length === 0 ? 'reverted' : 'partly';
  if (outcome === 'KEPT') return 'kept';
  return outcome === 'UNCHANGED' ? 'unchanged' : 'failed';
}

/** The kinds that a dry run may have, in the order in which they are told. */
export const DRY_RUN_KINDS = [
  'reverted',
  'deleted',
  'partly',
  'kept',
  'unchanged',
  'failed',
] as const satisfies UndoKind[];

const ALL_KINDS = [...DRY_RUN_KINDS, 'cancelled'] as const satisfies UndoKind[];

/** How an entry of an undo is shown. */
export const UNDONE_WORDS: Readonly<Record<UndoKind, StatusWords>> = {
  reverted: { label: 'As before', sign: '✓', tone: 'good' },
  deleted: { label: 'Deleted', sign: '✕', tone: 'warn' },
  partly: { label: 'Partly as before', sign: '•', tone: 'busy' },
  kept: { label: 'Left as it is', sign: '=', tone: 'quiet' },
  unchanged: { label: 'Nothing to undo', sign: '–', tone: 'quiet' },
  failed: { label: 'Not undone', sign: '✕', tone: 'bad' },
  waiting: ENTRY_WORDS.NOT_STARTED,
  cancelled: ENTRY_WORDS.CANCELLED,
};

/** How an entry is shown that an undo would be about. */
export const UNDO_WORDS: Readonly<Record<UndoKind, StatusWords>> = {
  ...UNDONE_WORDS,
  reverted: { ...UNDONE_WORDS.reverted, label: 'Goes back' },
  deleted: { ...UNDONE_WORDS.deleted, label: 'Will be deleted' },
  partly: { ...UNDONE_WORDS.partly, label: 'Goes back in part' },
  kept: { ...UNDONE_WORDS.kept, label: 'Stays as it is' },
  failed: { ...UNDONE_WORDS.failed, label: 'Cannot be undone' },
};

/** How an entry of a job is shown. The status of one of an undo does not tell what has become of its record. */
export function wordsOfEntry({ undoes }: Pick<Job, 'undoes'>, entry: Entry): StatusWords {
  if (undoes !== undefined) return UNDONE_WORDS[undoKindOf(entry)];
  return entry.outcome === 'CREATED' ? CREATED_WORDS : ENTRY_WORDS[entry.completionStatus];
}

/** Describes what has become of an entry of a job. */
export function detailsOf({ undoes }: Pick<Job, 'undoes'>, entry: Entry): string {
  if (undoes === undefined) return outcomeText(entry);
  const { kept = [] } = entry;
  switch (undoKindOf(entry)) {
    case 'unchanged':
      return 'There was nothing to undo.';
    case 'partly':
      return `The process is as it was before, but for ${kept.map(fieldName).join(', ')}: changed since.`;
    default:
      return outcomeText(entry);
  }
}

/** What an undo comes to. An entry is about one record, of which a job may have several entries. */
export interface UndoSummary {
  /** Number of records. */
  total: number;
  /** Number of records of each kind. */
  records: Readonly<Record<UndoKind, number>>;
  /** Number of records of which something goes back. */
  changed: number;
  /** The fields that stay of records that go back in part, each with the number of these records. */
  kept: ReadonlyMap<string, number>;
  /** Why records cannot be undone, each with the number of these records. */
  causes: readonly { error: ErrorBody; records: number }[];
}

export function undoSummary(entries: readonly (Entry & MayTellAfter)[]): UndoSummary {
  const byRecord = Map.groupBy(
    entries,
    ({ processId, identifier }) => processId ?? JSON.stringify(identifier),
  );
  const records: Record<UndoKind, number> = {
    ...{ reverted: 0, deleted: 0, partly: 0, kept: 0, unchanged: 0, failed: 0, waiting: 0, cancelled: 0 },
  };
  const kept = new Map<string, number>();
  const causes = new Map<string, { error: ErrorBody; records: number }>();
  for (const ofRecord of byRecord.values()) {
    const kind = kindOfRecord(new Set(ofRecord.map(undoKindOf)));
    records[kind] += 1;
    for (const field of new Set(ofRecord.flatMap((entry) => entry.kept ?? [])))
      kept.set(field, (kept.get(field) ?? 0) + 1);
    if (kind !== 'failed') continue;
    const error = ofRecord.flatMap(({ errors }) => errors)[0];
    if (error === undefined) continue;
    const known = causes.get(error.code) ?? { error, records: 0 };
    causes.set(error.code, { ...known, records: known.records + 1 });
  }
  const changed = records.reverted + records.deleted + records.partly;
  return { total: byRecord.size, records, changed, kept, causes: [...causes.values()] };
}

function kindOfRecord(kinds: ReadonlySet<UndoKind>): UndoKind {
  // An entry that had changed nothing tells nothing beside one that had.
  const telling = [...kinds].filter((kind) => kind !== 'unchanged');
  const [first = 'unchanged', ...others] = telling;
  if (others.length === 0) return first;
  // With the values that the job has given it after it created it.
  if (telling.every((kind) => kind === 'deleted' || kind === 'reverted')) return 'deleted';
  if (telling.some((kind) => kind === 'reverted' || kind === 'deleted' || kind === 'partly')) return 'partly';
  return telling.includes('failed') ? 'failed' : first;
}

/** A line of a summary: a number of records, and what becomes of them. */
export interface UndoLine {
  words: StatusWords;
  text: string;
  /** Why they cannot be undone. */
  reasons: readonly string[];
}

/** Maximum number of fields that a line names. */
const MAX_FIELDS = 8;

/** Tells what an undo comes to, or would. @param undone - the kind of job that is undone */
export function undoLines(
  { records, kept, causes }: UndoSummary,
  { isDone, undone = 'job' }: { isDone: boolean; undone?: 'job' | 'undo' },
): UndoLine[] {
  const words = isDone ? UNDONE_WORDS : UNDO_WORDS;
  return ALL_KINDS.filter((kind) => records[kind] > 0).map((kind) => {
    const subject = counted(records[kind], 'record');
    const isOne = records[kind] === 1;
    const text = textOf(kind, { subject, isOne, isDone, undone, kept });
    const reasons = kind === 'failed' ? causes.map((cause) => causeText(cause, causes.length)) : [];
    return { words: words[kind], text, reasons };
  });
}

interface TextParts extends Pick<UndoSummary, 'kept'> {
  subject: string;
  isOne: boolean;
  isDone: boolean;
  undone: 'job' | 'undo';
}

function textOf(
  kind: (typeof ALL_KINDS)[number],
  { subject, isOne, isDone, undone, kept }: TextParts,
): string {
  switch (kind) {
    case 'reverted':
      // The entries of an undo that has ended do not tell which records it has deleted.
      if (isDone)
        return `${subject} ${isOne ? 'is' : 'are'} as before the ${undone}: deleted if ${newText(isOne, undone)}.`;
      return `${subject} ${isOne ? 'goes' : 'go'} back to what ${isOne ? 'it was' : 'they were'} before the ${undone}.`;
    case 'deleted': {
      const [are, them] = isOne ? ['is', 'it'] : ['are', 'them'];
      return `${subject} ${are} deleted: ${newText(isOne, undone)}, and nobody has changed ${them} since.`;
    }
    case 'partly': {
      const what = isDone
        ? `${subject} ${isOne ? 'is' : 'are'} partly as before.`
        : `${subject} ${isOne ? 'goes' : 'go'} back in part.`;
      return `${what} Newer updates or other systems have changed the rest, which stays: ${fieldsText(kept)}.`;
    }
    case 'kept':
      return `${subject} ${isOne ? 'stays as it is: it has' : 'stay as they are: they have'} changed since the ${undone}.`;
    case 'unchanged':
      return `${subject} had nothing to undo: the ${undone} had not changed ${isOne ? 'it' : 'them'}.`;
    case 'failed':
      return `${subject} ${isDone ? 'could not' : 'cannot'} be undone.`;
    case 'cancelled':
      return `${subject} ${isOne ? 'was' : 'were'} left, since the undo was cancelled.`;
  }
}

/** Says why there was no record before. */
function newText(isOne: boolean, undone: 'job' | 'undo'): string {
  const them = isOne ? 'it' : 'them';
  return `the ${undone} ${undone === 'job' ? `created ${them}` : `brought ${them} back`}`;
}

function fieldsText(kept: UndoSummary['kept']): string {
  const fields = [...kept].sort(([, a], [, b]) => b - a);
  const named = fields
    .slice(0, MAX_FIELDS)
    .map(([field, records]) => `${fieldName(field)} (${counted(records, 'record')})`);
  const more = fields.length - named.length;
  return [...named, ...(more > 0 ? [`and ${counted(more, 'more field')}`] : [])].join(', ');
}

function causeText({ error, records }: UndoSummary['causes'][number], causes: number): string {
  return causes === 1 ? error.message : `${counted(records, 'record')}: ${error.message}`;
}

/** Says what an undo does to the records that do not stay as they are. */
export function confirmationText(
  { changed, records: { deleted } }: Pick<UndoSummary, 'changed' | 'records'>,
  undone: 'job' | 'undo',
): string {
  const back = changed - deleted;
  const isDeleted = `${counted(deleted, 'record')} ${deleted === 1 ? 'is' : 'are'} deleted`;
  if (back === 0) return isDeleted;
  const goesBack = `${counted(back, 'record')} ${back === 1 ? 'gets' : 'get'} back the values from before the ${undone}`;
  return deleted === 0 ? goesBack : `${goesBack}, and ${isDeleted}`;
}

/** Returns what a person calls a field. */
export function fieldName(field: string): string {
  return oneLine(field.replace(/^data\./, ''));
}

/** Whether an undo stands: its job is not undone a second time. One that came to no end, or was undone, does not. */
export function isStandingUndo({
  completionStatus,
  undoneBy,
}: Pick<Job, 'completionStatus' | 'undoneBy'>): boolean {
  return completionStatus !== 'CANCELLED' && completionStatus !== 'FAILED' && undoneBy === undefined;
}

/** Says that a job is undone, before the link to its undo. @param undo - the last one; undefined if it is not known */
export function undoneText(undo: Pick<Job, 'completionStatus' | 'undoneBy'> | undefined): string {
  if (undo === undefined) return 'Its undo:';
  if (isStandingUndo(undo)) return undo.completionStatus === 'IN_PROGRESS' ? 'Being undone by' : 'Undone by';
  return undo.undoneBy === undefined ? 'Its undo came to no end:' : 'Its undo was undone itself:';
}

/** Whether a job can be undone. @param undo - the last one that it has; undefined as long as it is not known */
export function isUndoable(
  { completionStatus, counts, undoneBy }: Pick<Job, 'completionStatus' | 'counts' | 'undoneBy'>,
  undo: Pick<Job, 'completionStatus' | 'undoneBy'> | undefined,
): boolean {
  const isOver = completionStatus !== 'IN_PROGRESS' && completionStatus !== 'PLANNED';
  if (!isOver || counts.SUCCESS === 0) return false;
  return undoneBy === undefined || (undo !== undefined && !isStandingUndo(undo));
}

/** Returns what kind of job is undone. */
export function undoneNoun({ undoes }: Pick<Job, 'undoes'>): 'job' | 'undo' {
  return undoes === undefined ? 'job' : 'undo';
}

import { counted } from '../../../lambdas/contract/counted.ts';
import { oneLine } from '../../../lambdas/contract/printable.ts';
import type { UndoOutcome, UpdateOutcome } from '../../../lambdas/contract/statuses.ts';
import type { Entry, EntryStatus, Job, JobStatus, Outcome } from '../../client/index.ts';
import { failedCount } from './progress.ts';
import type { RowKind } from './row-kinds.ts';

export { counted };

export type Tone = 'good' | 'bad' | 'warn' | 'quiet' | 'busy';

/** How a status is shown: by a word and a sign, not only by colour. */
export interface StatusWords {
  label: string;
  sign: string;
  tone: Tone;
}

export const ENTRY_WORDS: Readonly<Record<EntryStatus, StatusWords>> = {
  SUCCESS: { label: 'Applied', sign: '✓', tone: 'good' },
  NOT_STARTED: { label: 'Waiting', sign: '○', tone: 'busy' },
  INVALID: { label: 'Invalid', sign: '!', tone: 'warn' },
  ERROR: { label: 'Failed', sign: '✕', tone: 'bad' },
  CANCELLED: { label: 'Cancelled', sign: '–', tone: 'quiet' },
};

/** How an entry is shown that has created its process. */
export const CREATED_WORDS: StatusWords = { ...ENTRY_WORDS.SUCCESS, label: 'Created', sign: '+' };

/** How an entry is shown by what is planned for it. */
export const PLANNED_WORDS: Readonly<Record<EntryStatus, StatusWords>> = {
  ...ENTRY_WORDS,
  SUCCESS: { ...ENTRY_WORDS.SUCCESS, label: 'Would be applied' },
  ERROR: { ...ENTRY_WORDS.ERROR, label: 'Would fail' },
};

/** How an entry is shown by its status. Nothing new is applied by an undo. */
export function entryWords({ undoes }: Pick<Job, 'undoes'>): Readonly<Record<EntryStatus, StatusWords>> {
  if (undoes === undefined) return ENTRY_WORDS;
  return { ...ENTRY_WORDS, SUCCESS: { ...ENTRY_WORDS.SUCCESS, label: 'Done' } };
}

/** How a row is shown that is checked but not sent. */
export const ROW_WORDS: Readonly<Record<RowKind | 'twice' | 'corrected', StatusWords>> = {
  change: { label: 'Will change', sign: '✓', tone: 'good' },
  create: { label: 'Will be created', sign: '+', tone: 'good' },
  same: { label: 'Already so', sign: '=', tone: 'quiet' },
  replaced: { label: 'Replaced', sign: '×', tone: 'busy' },
  wrong: { label: 'Needs correction', sign: '!', tone: 'warn' },
  missing: { label: 'Not found', sign: '?', tone: 'bad' },
  exists: { label: 'Exists already', sign: '✕', tone: 'bad' },
  twice: { label: 'Named twice', sign: '×', tone: 'busy' },
  corrected: { label: 'Corrected', sign: '•', tone: 'busy' },
};

export const JOB_WORDS: Readonly<Record<JobStatus, StatusWords>> = {
  PLANNED: { label: 'Plan, not approved', sign: '○', tone: 'warn' },
  AWAITING_UPLOAD: { label: 'Waits for its file', sign: '○', tone: 'warn' },
  IN_PROGRESS: { label: 'In progress', sign: '○', tone: 'busy' },
  COMPLETED: { label: 'Completed', sign: '✓', tone: 'good' },
  CANCELLED: { label: 'Cancelled', sign: '–', tone: 'quiet' },
  ABORTED: { label: 'Stopped, too many failed', sign: '!', tone: 'bad' },
  FAILED: { label: 'Failed', sign: '✕', tone: 'bad' },
};

/** How a job is shown. One that is completed may have failures. */
export function jobWords(job: Pick<Job, 'completionStatus' | 'counts' | 'undoes'>): StatusWords {
  const { completionStatus, counts } = job;
  const words = JOB_WORDS[completionStatus];
  const failed = failedCount(counts);
  if (completionStatus !== 'COMPLETED' || failed === 0) return words;
  return { label: `Completed, ${count(failed)} not ${appliedWord(job)}`, sign: '!', tone: 'warn' };
}

/** Returns what has become of an entry that succeeded. An undo may leave all as it is. */
export function appliedWord({ undoes }: Pick<Job, 'undoes'>): 'applied' | 'done' {
  return undoes === undefined ? 'applied' : 'done';
}

/** What a person calls a job. An undo has the name of the job that it undoes. */
export function jobName({ name, procedure, undoes }: Pick<Job, 'name' | 'procedure' | 'undoes'>): string {
  if (undoes === undefined) return name ?? `Job of ${procedure}`;
  return `Undo of ${name ?? `a job of ${procedure}`}`;
}

/** Returns what the number of an entry counts. A job that is called like a workbook has its rows. */
export function jobLineNoun({ name }: Pick<Job, 'name'>): 'Line' | 'Row' {
  return /\.xls[xm]$/i.test(name ?? '') ? 'Row' : 'Line';
}

/** Outcomes of updates and creations, as the choices of a filter. */
export const UPDATE_OUTCOMES: Readonly<Record<UpdateOutcome | 'CREATED', string>> = {
  APPLIED: 'Changed',
  CREATED: 'Created',
  UNCHANGED: 'Already so',
  SUPERSEDED: 'Had newer values',
};

/** The same of undos. */
export const UNDO_OUTCOMES: Readonly<Record<UndoOutcome, string>> = {
  REVERTED: 'As before, at least in part',
  KEPT: 'Left as it is',
  UNCHANGED: 'Nothing to undo',
};

const OUTCOMES: Readonly<Record<Outcome, string>> = {
  APPLIED: 'Changed the process.',
  UNCHANGED: 'The process already had these values.',
  SUPERSEDED: 'The process already had newer values.',
  CREATED: 'Created the process.',
  // Of an undo that has ended, nothing tells which processes it has deleted.
  REVERTED: 'The process is as it was before: deleted if it did not exist.',
  KEPT: 'It has changed since, and stays.',
};

/** Describes the outcome of an applied entry. */
export function outcomeText({ outcome }: Pick<Entry, 'outcome'>): string {
  return outcome === null ? '' : OUTCOMES[outcome];
}

/** Maximum length of a value, in characters. */
const VALUE_LENGTH = 100;

/** Shows a value of a process. Characters that nobody sees are shown by their number. */
export function valueText(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  const text = oneLine(typeof value === 'string' ? value : JSON.stringify(value));
  return text.length > VALUE_LENGTH ? `${text.slice(0, VALUE_LENGTH)} …` : text;
}

/** Shows how an item identified its process. */
export function identifierText({ identifier }: Pick<Entry, 'identifier'>): string {
  const values = Object.values(identifier).map((value) =>
    typeof value === 'string' ? value : JSON.stringify(value),
  );
  return values.length === 0 ? '(none)' : values.join(' · ');
}

const numbers = new Intl.NumberFormat('en');

export function count(value: number): string {
  return numbers.format(value);
}

const times = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

/** @param at - epoch ms */
export function timeText(at: number): string {
  return times.format(at);
}

/** Formats a duration. */
export function durationText(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/** Tells how long something may still take. */
export function timeLeftText(ms: number): string {
  const seconds = Math.max(Math.round(ms / 1000), 1);
  if (seconds < 90) return `about ${seconds} s left`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `about ${minutes} min left` : `about ${Math.round(minutes / 60)} h left`;
}

export function bytesText(bytes: number): string {
  if (bytes < 1024) return counted(bytes, 'byte');
  return bytes < 1024 ** 2 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1024 ** 2).toFixed(1)} MB`;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** An API key that expires earlier is told, so that there is time to ask for another one. */
const SOON_MS = 14 * DAY_MS;

/** Tells how long something still takes, such as until a plan expires, in whole units. */
export function durationLeftText(ms: number): string {
  const left = Math.max(ms, 0);
  if (left < HOUR_MS) return counted(Math.ceil(left / MINUTE_MS), 'minute');
  if (left < 2 * DAY_MS) return counted(Math.floor(left / HOUR_MS), 'hour');
  return counted(Math.floor(left / DAY_MS), 'day');
}

/** Tells when an API key expires. Undefined if that is not soon. @param expiresAt - epoch ms; null for never */
export function expiryText(expiresAt: number | null, now: number): string | undefined {
  if (expiresAt === null || expiresAt - now > SOON_MS) return undefined;
  return `Key expires in ${durationLeftText(expiresAt - now)}`;
}

/** How a stage is shown, so that nobody takes real data for a test's. */
export function stageTone(stage: string): Tone {
  if (/^(prod|production|live)$/i.test(stage)) return 'bad';
  return stage === 'local' ? 'quiet' : 'busy';
}

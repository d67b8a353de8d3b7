export const ENTRY_STATUSES = ['INVALID', 'NOT_STARTED', 'SUCCESS', 'ERROR', 'CANCELLED'] as const;

export type EntryStatus = (typeof ENTRY_STATUSES)[number];

export type EntryCounts = Record<EntryStatus, number>;

/** What a plan sums up to. */
export type PlannedCounts = Record<'INVALID' | 'SUCCESS' | 'ERROR', number>;

export const JOB_STATUSES = [
  'PLANNED',
  'AWAITING_UPLOAD',
  'IN_PROGRESS',
  'COMPLETED',
  'CANCELLED',
  'ABORTED',
  'FAILED',
] as const;

export type JobStatus = (typeof JOB_STATUSES)[number];

/** What applying an update to a process came to. */
const UPDATE_OUTCOMES = ['APPLIED', 'UNCHANGED', 'SUPERSEDED'] as const;

export type UpdateOutcome = (typeof UPDATE_OUTCOMES)[number];

/** What undoing an update came to; `UNCHANGED` if it had changed nothing. */
export type UndoOutcome = 'REVERTED' | 'KEPT' | 'UNCHANGED';

/** How an entry that succeeded may have ended. */
export const OUTCOMES = [...UPDATE_OUTCOMES, 'CREATED', 'REVERTED', 'KEPT'] as const;

export type Outcome = (typeof OUTCOMES)[number];

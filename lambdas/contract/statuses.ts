export const ENTRY_STATUSES = ['INVALID', 'NOT_STARTED', 'SUCCESS', 'ERROR', 'CANCELLED'] as const;

export type EntryStatus = (typeof ENTRY_STATUSES)[number];

export type EntryCounts = Record<EntryStatus, number>;

export const JOB_STATUSES = ['IN_PROGRESS', 'COMPLETED', 'CANCELLED', 'ABORTED', 'FAILED'] as const;

export type JobStatus = (typeof JOB_STATUSES)[number];

/** What applying an update to a process came to. */
export const OUTCOMES = ['APPLIED', 'UNCHANGED', 'SUPERSEDED'] as const;

export type Outcome = (typeof OUTCOMES)[number];

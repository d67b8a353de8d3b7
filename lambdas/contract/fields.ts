export const PROCESS_STATUSES = ['OPEN', 'COMPLETED', 'CANCELLED'] as const;

export type ProcessStatus = (typeof PROCESS_STATUSES)[number];

/** The fields of an update beside `data`, each with its own clock. */
export const TOP_LEVEL_FIELDS = ['state', 'status', 'assignedTo', 'nextActionAt', 'isDeleted'] as const;

export type TopLevelField = (typeof TOP_LEVEL_FIELDS)[number];

/** All fields of an update, as a client names them. */
export const UPDATE_FIELDS = ['data', ...TOP_LEVEL_FIELDS] as const;

/** The fields of a process that is created. */
export const CREATE_FIELDS = ['data', 'state', 'status', 'assignedTo', 'nextActionAt'] as const;

/** What an item may expect of its process, as a client names it. */
export const EXPECTED_FIELDS = ['version', 'state', 'status', 'assignedTo', 'nextActionAt', 'data'] as const;

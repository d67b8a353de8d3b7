import * as v from 'valibot';

/** The environment variables of the functions. The stack sets exactly those of each function's schema. */
export const VARIABLES = {
  PROCESSES_TABLE: v.string(),
  /** Of that table, on (team, procedure, primaryKey). */
  PRIMARY_KEY_INDEX: v.string(),
  JOBS_TABLE: v.string(),
  PROCEDURES_TABLE: v.string(),
  API_KEYS_TABLE: v.string(),
  UPDATE_QUEUE_URL: v.string(),
  JOB_CHECK_QUEUE_URL: v.string(),
  FILE_STEPS_QUEUE_URL: v.string(),
  /** The bucket of the files of file jobs. */
  FILES_BUCKET: v.string(),
  /** How many chunks of a file have a job at a time. */
  FILE_CHUNKS_IN_FLIGHT: v.pipe(v.string(), v.digits(), v.transform(Number)),
  DEAD_LETTER_QUEUE_URL: v.string(),
  /** The number of receives after which an update has failed at every attempt. */
  MAX_RECEIVE_COUNT: v.pipe(v.string(), v.digits(), v.transform(Number)),
  /** Whether what updates find is kept, so that jobs can be undone. */
  UNDO: v.pipe(
    v.picklist(['true', 'false']),
    v.transform((text) => text === 'true'),
  ),
  /** Name of the stage that is deployed. */
  STAGE: v.string(),
  /** The most requests that wait for the end of a job at a time. */
  WAITING_REQUESTS: v.pipe(v.string(), v.digits(), v.transform(Number)),
};

export type Variable = keyof typeof VARIABLES;

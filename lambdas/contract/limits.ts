/** Maximum number of entries in a request, and of order numbers for each sequence number. */
export const MAX_ENTRIES = 10_000;

/**
 * DynamoDB's bound of a partition key in a table or an index.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
 */
export const MAX_IDENTIFIER_BYTES = 2048;

/** More errors than that of one item are counted, not listed, so that a hostile item cannot fill the job. */
export const MAX_ERRORS = 100;

/**
 * Maximum number of messages in an SQS batch.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
 */
export const MAX_BATCH_MESSAGES = 10;

/** Maximum number of errors listed when a whole request, or on the command line a whole file, is refused for its items. */
export const MAX_REFUSAL_ERRORS = 1_000;

/** Maximum number of attributes that an item may expect: with them the condition of one write still fits. */
export const MAX_EXPECTED_ATTRIBUTES = 50;

export const DAY_MS = 24 * 60 * 60 * 1000;

/** How long a plan can be approved. */
export const PLAN_MS = DAY_MS;

/** How long the queue keeps an update. An entry without a result by then never gets one. */
export const UPDATE_RETENTION_MS = 4 * DAY_MS;

/** Time limit of an invocation of apply. */
export const APPLY_LIMIT_MS = 10_000;

/**
 * Maximum size of the body of a request before compression, for the command line and the console. The API accepts about
 * 4.5 MB as sent, and 20 MiB uncompressed. This size fits even if compression saves nothing, so where a file is cut depends
 * on the file alone.
 */
export const MAX_REQUEST_BYTES = 4_000_000;

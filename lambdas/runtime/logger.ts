import { Logger } from '@aws-lambda-powertools/logger';

/**
 * The functions' log: JSON lines of the service `POWERTOOLS_SERVICE_NAME`, at the level of `POWERTOOLS_LOG_LEVEL`. Never
 * log bodies or keys.
 */
export const logger = new Logger();

import { Duration } from 'aws-cdk-lib';
import { APPLY_LIMIT_MS } from '../../../lambdas/contract/limits.ts';

/** API Gateway gives up after 29 seconds. */
export const API_TIMEOUT = Duration.seconds(28);

export const APPLY_TIMEOUT = Duration.millis(APPLY_LIMIT_MS);

/** Of the functions that end jobs and entries: they may read thousands of processes. */
export const FINALIZE_TIMEOUT = Duration.seconds(30);

/** Of a step of a file job: the longest that Lambda has. */
export const FILE_STEP_TIMEOUT = Duration.minutes(15);

/** Of functions that read little. */
export const SHORT_TIMEOUT = Duration.seconds(5);

import { ApiError, type EntryCounts } from '../client/index.ts';

/** Exit codes that scripts may rely on. */
export const EXIT_CODES = {
  /** All items were applied, or accepted if the command does not wait. */
  done: 0,
  /** Some items failed. */
  someFailed: 1,
  /** The user was asked whether to approve a plan, and said no. */
  notApproved: 1,
  /** A command of the operator failed. */
  failed: 1,
  /** The command, the file or the request is wrong. */
  usage: 2,
  /** The API could not be reached, was too busy or failed, at every attempt. */
  unreachable: 3,
  /** SIGHUP, when the terminal is closed. Shells add 128 to the number of a signal. */
  hungUp: 129,
  /** SIGINT */
  interrupted: 130,
  /** SIGPIPE, when nothing reads the output any more. */
  unread: 141,
  /** SIGTERM */
  terminated: 143,
} as const;

/** Returns the exit code for items that ended like this. */
export function exitCodeOf({ INVALID, ERROR, CANCELLED }: EntryCounts): number {
  return INVALID + ERROR + CANCELLED > 0 ? EXIT_CODES.someFailed : EXIT_CODES.done;
}

/** Returns the exit code for an error that ended the command. */
export function exitCodeOfError(error: unknown): number {
  return error instanceof ApiError && error.isPassing ? EXIT_CODES.unreachable : EXIT_CODES.usage;
}

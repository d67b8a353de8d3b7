import { ApiError, type EntryCounts } from '../client/index.ts';

/** What scripts may rely on. */
export const EXIT_CODES = {
  /** All applied; or all accepted, when nobody waits for more. */
  done: 0,
  /** Some items failed. */
  someFailed: 1,
  /** The command, the file or the request is wrong. */
  usage: 2,
  /** The API could not be reached, was too busy or failed, at every attempt. */
  unreachable: 3,
  /** Its terminal was closed: as shells have it, 128 and the number of SIGHUP. */
  hungUp: 129,
  /** Nobody reads the output any more: the same for SIGPIPE. */
  unread: 141,
  /** The same for SIGINT. */
  interrupted: 130,
  /** The same for SIGTERM. */
  terminated: 143,
} as const;

export function exitCodeOf({ INVALID, ERROR, CANCELLED }: EntryCounts): number {
  return INVALID + ERROR + CANCELLED > 0 ? EXIT_CODES.someFailed : EXIT_CODES.done;
}

export function exitCodeOfError(error: unknown): number {
  return error instanceof ApiError && error.isPassing ? EXIT_CODES.unreachable : EXIT_CODES.usage;
}

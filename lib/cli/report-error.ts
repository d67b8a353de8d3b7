import { definedOf } from '../../lambdas/contract/defined-of.ts';
import { oneLine } from '../../lambdas/contract/printable.ts';
import { ApiError } from '../client/index.ts';
import { COMMAND } from './command-name.ts';
import { exitCodeOfError } from './exit-code.ts';
import { complain, sayJson } from './output.ts';
import { progress } from './terminal.ts';

/** Longer messages of a response are cut off: it may be the page of a proxy. */
const MAX_MESSAGE = 10_000;

/** What tells a user of the command more than the API does, which does not know who asks. */
const INSTEAD: Readonly<Record<string, (message: string) => string>> = {
  UNAUTHORIZED: () =>
    `The API key is missing or unknown; it may have expired or been revoked. Check it, or sign in with another one: ${COMMAND} login`,
  IDEMPOTENCY_KEY_REUSED: () =>
    'These items were sent or planned in the last 24 hours with other options, such as another canary. To send them again, add --resend.',
  ETAG_MISMATCH: () =>
    `The plan has changed since it was shown, and nothing was approved. Look at it again: ${COMMAND} plan`,
  JOB_NOT_PLANNED: () =>
    `The job is not a plan that can be approved: it was never planned, was discarded, or has expired after 24 hours. Plan the file again: ${COMMAND} submit … --plan`,
  JOB_NOT_ENDED: () =>
    `The job has not ended, so it cannot be undone yet. Wait for its end with ${COMMAND} watch, or stop it with ${COMMAND} cancel. Then undo it.`,
  NOTHING_TO_UNDO: () =>
    `No entry of the job has succeeded, so there is nothing to undo. See its results: ${COMMAND} entries`,
  JOB_UNDONE: () =>
    'The job is undone, so its failed entries are not sent again. Submit what is still to change as a new file.',
  NOT_FOUND: () => 'There is no such path. Check the URL of the API: it is what comes before /v1.',
  SCOPE_MISSING: (message) => `${message} Sign in with it: ${COMMAND} login`,
};

/** Reports the error that ended a command of the client, and sets the exit code of the process. */
export function reportError(error: unknown, { json }: { json?: true }): void {
  progress.stop();
  process.exitCode = exitCodeOfError(error);
  if (json === true) sayJson({ error: described(error) });
  else complain(messageOf(error));
}

/** Returns the message of an error as people read it: a file's faults in lines, the API's in one. */
export function messageOf(error: unknown): string {
  const { message } = described(error);
  return error instanceof ApiError ? oneLine(message.slice(0, MAX_MESSAGE)) : message;
}

interface ErrorDescription {
  message: string;
  status?: number;
  codes?: string[];
  requestId?: string;
}

function described(error: unknown): ErrorDescription {
  if (error instanceof ApiError) {
    const { status, codes, requestId } = error;
    const instead = codes.map((code) => INSTEAD[code]).find((text) => text !== undefined);
    const message = instead?.(error.message) ?? error.message;
    return { message, status, codes, ...definedOf({ requestId }) };
  }
  return { message: error instanceof Error ? error.message : String(error) };
}

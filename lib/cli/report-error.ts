import { definedOf } from '../../lambdas/contract/defined-of.ts';
import { oneLine } from '../../lambdas/contract/printable.ts';
import { ApiError } from '../client/index.ts';
import { exitCodeOfError } from './exit-code.ts';
import { complain, sayJson } from './output.ts';
import { progress } from './terminal.ts';

/** Longer messages of a response are cut off: it may be the page of a proxy. */
const MAX_MESSAGE = 10_000;

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
    const { message, status, codes, requestId } = error;
    return { message, status, codes, ...definedOf({ requestId }) };
  }
  return { message: error instanceof Error ? error.message : String(error) };
}

import { REQUEST_EXPLANATIONS } from '../../../lambdas/contract/error-explanations.ts';
import { FileError } from '../../../lambdas/rows/row.ts';
import { ApiError } from '../../client/index.ts';
import { NotLoadedError } from './part.ts';
import { count, counted } from './words.ts';

/** Thrown when a CSV would change rows. */
export class NotCarriedError extends Error {
  override readonly name = 'NotCarriedError';
  readonly indexes: readonly number[];

  constructor(indexes: readonly number[]) {
    super('A CSV would change rows.');
    this.indexes = indexes;
  }
}

/** Maximum number of entries that a message names. */
const MAX_INDEXES = 5;

/** A failure as the user sees it. */
export interface ShownFailure {
  title: string;
  /** Codes of the API. */
  codes: string[];
  messages: string[];
  /** What to do. */
  remedy: string | undefined;
  /** Id of the request, to report a failure of the API. */
  requestId: string | undefined;
}

export function failureOf(error: unknown): ShownFailure {
  if (error instanceof FileError) {
    return {
      title: 'The file has errors. Nothing was sent.',
      codes: [],
      messages: [...error.faults],
      remedy: undefined,
      requestId: undefined,
    };
  }
  if (error instanceof NotCarriedError) {
    const { indexes } = error;
    const items = indexes.slice(0, MAX_INDEXES).map((index) => index + 1);
    const more = indexes.length > MAX_INDEXES ? ` and ${count(indexes.length - MAX_INDEXES)} more` : '';
    return {
      title: 'A CSV would change these rows.',
      messages: [
        `A CSV cannot represent ${counted(indexes.length, 'entry', 'entries')} (item ${items.join(', ')}${more}), for example an empty text, a text that a spreadsheet runs as a formula, or a list instead of text.`,
      ],
      remedy: 'Choose "Download as JSON lines" and correct the rows in that file.',
      codes: [],
      requestId: undefined,
    };
  }
  if (error instanceof NotLoadedError) {
    return {
      title: 'This page could not be loaded completely.',
      codes: [],
      messages: ['Your connection broke, or the page was updated since you opened it.'],
      remedy: 'Check your connection, then reload the page.',
      requestId: undefined,
    };
  }
  if (!(error instanceof ApiError)) {
    const message = error instanceof Error ? error.message : String(error);
    return {
      title: 'This page failed.',
      codes: [],
      messages: [message],
      remedy: 'Reload the page and try again.',
      requestId: undefined,
    };
  }
  const { status, codes, messages, message, requestId } = error;
  if (status === 0) {
    return {
      title: 'The API does not respond.',
      messages: ['The request got no response.'],
      remedy: 'Check your connection and try again. Nothing is sent twice.',
      codes: [],
      requestId,
    };
  }
  return {
    title: status >= 500 ? 'The API failed.' : 'The API refused the request.',
    codes,
    messages: messages.length === 0 ? [message] : messages,
    remedy: remedyOfStatus(status) ?? remedyOf(codes),
    requestId,
  };
}

/** Whether the API refused the key. */
export function isUnauthorized(error: unknown): boolean {
  return error instanceof ApiError && error.status === 401;
}

/** Whether a plan is another one than was shown. */
export function isOtherPlan(error: unknown): boolean {
  return error instanceof ApiError && error.codes.includes('ETAG_MISMATCH');
}

/** Whether a job is no plan any more: it was discarded, or has expired. */
export function isNotPlanned(error: unknown): boolean {
  return (
    error instanceof ApiError &&
    error.codes.some((code) => code === 'JOB_NOT_PLANNED' || code === 'JOB_FINISHED')
  );
}

/** Whether the same request may succeed later: the API did not respond, or failed. */
export function isTransient(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 0 || error.status === 429 || error.status >= 500);
}

/** What is to be done in a page is less than what programs have to do. */
function remedyOfStatus(status: number): string | undefined {
  if (status === 401) return 'Sign in with another API key.';
  if (status === 429) return 'Wait a moment, then try again.';
  if (status >= 500) return 'Try again. If it fails again, tell the operator the request below.';
  return undefined;
}

function remedyOf(codes: readonly string[]): string | undefined {
  const code = codes.find((name) => Object.hasOwn(REQUEST_EXPLANATIONS, name));
  if (code === undefined) return undefined;
  const { fix } = REQUEST_EXPLANATIONS[code as keyof typeof REQUEST_EXPLANATIONS];
  // Written for Markdown.
  const text = fix.replaceAll('`', '');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

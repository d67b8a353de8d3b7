import { REQUEST_EXPLANATIONS } from '../../../lambdas/contract/error-explanations.ts';
import { FileError } from '../../../lambdas/rows/row.ts';
import { ApiError } from '../../client/index.ts';
import { count, counted } from './words.ts';

/** Rows that a table cannot hold as they were sent: it would change them. */
export class NotCarriedError extends Error {
  override readonly name = 'NotCarriedError';
  readonly indexes: readonly number[];

  constructor(indexes: readonly number[]) {
    super('A CSV would change rows.');
    this.indexes = indexes;
  }
}

/** Entries that a message names. */
const MAX_INDEXES = 5;

/** A failure as a person reads it. */
export interface ShownFailure {
  title: string;
  /** Codes of the API. */
  codes: string[];
  messages: string[];
  /** What to do. */
  remedy: string | undefined;
  /** What to report, when the API fails. */
  requestId: string | undefined;
}

export function failureOf(error: unknown): ShownFailure {
  if (error instanceof FileError) {
    return {
      title: 'The file cannot be sent as it is. Nothing was sent.',
      messages: [...error.faults],
      ...{ codes: [], remedy: undefined, requestId: undefined },
    };
  }
  if (error instanceof NotCarriedError) {
    const { indexes } = error;
    const items = indexes.slice(0, MAX_INDEXES).map((index) => index + 1);
    const more = indexes.length > MAX_INDEXES ? ` and ${count(indexes.length - MAX_INDEXES)} more` : '';
    return {
      title: 'A CSV would change these rows.',
      messages: [
        `It cannot hold what was sent in ${counted(indexes.length, 'entry', 'entries')} (item ${items.join(', ')}${more}), such as an empty text, a text that a spreadsheet takes for a formula, or a list in place of a text.`,
      ],
      remedy: 'Choose "Download as JSON lines", and correct the rows there.',
      ...{ codes: [], requestId: undefined },
    };
  }
  if (!(error instanceof ApiError)) {
    const message = error instanceof Error ? error.message : String(error);
    return {
      title: 'Something went wrong in this page.',
      messages: [message],
      ...{ codes: [], remedy: 'Reload the page and try again.', requestId: undefined },
    };
  }
  const { status, codes, messages, message, requestId } = error;
  if (status === 0) {
    return {
      title: 'The API does not answer.',
      messages: [message],
      remedy: 'Check your connection, then try again. Nothing is sent twice.',
      ...{ codes: [], requestId },
    };
  }
  return {
    title: status >= 500 ? 'The API failed.' : 'The API refused the request.',
    codes,
    messages: messages.length === 0 ? [message] : messages,
    remedy: remedyOf(codes),
    requestId,
  };
}

/** Whether the key is unknown, or not any more. */
export function isUnauthorized(error: unknown): boolean {
  return error instanceof ApiError && error.status === 401;
}

function remedyOf(codes: readonly string[]): string | undefined {
  const code = codes.find((name) => Object.hasOwn(REQUEST_EXPLANATIONS, name));
  if (code === undefined) return undefined;
  const { remedy } = REQUEST_EXPLANATIONS[code as keyof typeof REQUEST_EXPLANATIONS];
  // Written for Markdown.
  const text = remedy.replaceAll('`', '');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

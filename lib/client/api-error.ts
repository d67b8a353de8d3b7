import type { ErrorBody } from './responses.ts';

/** A request that was refused or failed, after all attempts. */
export class ApiError extends Error {
  /** Status of HTTP; 0 when no answer came. */
  readonly status: number;
  /** Everything that the API found wrong. Empty when the answer is not the API's, or none came. */
  readonly errors: readonly ErrorBody[];
  /** What to report, when the API fails. */
  readonly requestId: string | undefined;

  constructor(
    message: string,
    fields: {
      status: number;
      errors?: readonly ErrorBody[];
      requestId?: string | undefined;
      cause?: unknown;
    },
  ) {
    super(message, { cause: fields.cause });
    this.name = 'ApiError';
    this.status = fields.status;
    this.errors = fields.errors ?? [];
    this.requestId = fields.requestId;
  }

  get codes(): string[] {
    return this.errors.map(({ code }) => code);
  }

  get messages(): string[] {
    return this.errors.map(({ message }) => message);
  }

  /** The first place in the request that an error points at, as a JSON pointer (RFC 6901). */
  get pointer(): string | undefined {
    return this.errors.find(({ pointer }) => pointer !== undefined)?.pointer;
  }

  /** Whether the API could not be reached, was too busy or failed, so that trying later may help. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** The error of a response that cannot be true. @param what - it does, as the end of a sentence */
export function contradiction(status: number, what: string): ApiError {
  return new ApiError(`The API ${what}. Check the URL of the API.`, { status });
}

/** The error of an answer that is none to go on with; it may come from something between, which knows no envelope. */
export function errorOfResponse(status: number, headers: Headers, text: string): ApiError {
  const errors = errorsOf(text);
  const location = headers.get('location');
  const isRedirect = status >= 300 && status < 400 && location !== null;
  const message =
    errors.length > 0
      ? errors.map((error) => error.message).join(' ')
      : `The answer is ${status}, and not one of the API: ${isRedirect ? `it leads to ${location}` : text.slice(0, 200)}`;
  return new ApiError(message, { status, errors, requestId: headers.get('x-request-id') ?? undefined });
}

function errorsOf(text: string): ErrorBody[] {
  try {
    const { _errors: errors } = JSON.parse(text) as { _errors?: unknown };
    return Array.isArray(errors) ? errors.filter(isErrorBody) : [];
  } catch {
    return [];
  }
}

function isErrorBody(error: unknown): error is ErrorBody {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  return typeof code === 'string' && typeof message === 'string';
}

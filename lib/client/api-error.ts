import type { ErrorBody } from './responses.ts';

/** A request that was refused or failed, after all attempts. */
export class ApiError extends Error {
  /** HTTP status; 0 when there was no response. */
  readonly status: number;
  /** All errors of the API. Empty when there was no response, or it is not the API's. */
  readonly errors: readonly ErrorBody[];
  /** Id of the request, to report a failure of the API. */
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

  /** The first place in the request that an error names, as a JSON pointer (RFC 6901). */
  get pointer(): string | undefined {
    return this.errors.find(({ pointer }) => pointer !== undefined)?.pointer;
  }

  /** Whether the error is transient: the API could not be reached, was too busy or failed. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** Returns the error of an impossible response. @param what - the API did, as the end of a sentence */
export function contradiction(status: number, what: string): ApiError {
  return new ApiError(`The API ${what}. Check the URL of the API.`, { status });
}

/** Returns the error of a response. It may come from a proxy, which does not use the envelope. */
export function errorOfResponse(status: number, headers: Headers, text: string): ApiError {
  const errors = errorsOf(text);
  const location = headers.get('location');
  const isRedirect = status >= 300 && status < 400 && location !== null;
  const message =
    errors.length > 0
      ? errors.map((error) => error.message).join(' ')
      : `The response ${status} is not from the API: ${isRedirect ? `it redirects to ${location}` : foreign(text)}. Check the URL of the API.`;
  return new ApiError(message, { status, errors, requestId: headers.get('x-request-id') ?? undefined });
}

/** Tells what a response is that is not the API's: a page by its title. */
function foreign(text: string): string {
  const [, title] = /<title>([^<]{1,100})/i.exec(text.slice(0, 10_000)) ?? [];
  if (title !== undefined) return `it is the page "${title.trim()}"`;
  return text.slice(0, 200).trim() || 'it is empty';
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

import { definedOf } from '../contract/defined-of.ts';
import { type ErrorBody, REQUEST_ERRORS, type RequestErrorCode } from '../contract/errors.ts';

/** Refuses a whole request; `http/` turns it into a response with the status of its code. */
export class RequestError extends Error {
  readonly errors: ErrorBody[];
  readonly status: number;
  /** What the response tells beside the errors. */
  readonly meta: Readonly<Record<string, number>>;

  /** @param fault - the one thing that is wrong, or all of them */
  constructor(
    code: RequestErrorCode,
    fault: string | ErrorBody[],
    { pointer, meta = {} }: { pointer?: string | undefined; meta?: Record<string, number> } = {},
  ) {
    const errors = typeof fault === 'string' ? [definedOf({ code, message: fault, pointer })] : fault;
    super(errors.map(({ message }) => message).join(' '));
    this.name = 'RequestError';
    this.errors = errors;
    this.status = REQUEST_ERRORS[code];
    this.meta = meta;
  }
}

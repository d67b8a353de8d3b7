import { ApiError } from './api-error.ts';
import { networkFault } from './network-fault.ts';

/** Why a part was not stored, and what helps. */
export interface PartFault {
  error: ApiError;
  /** Whether the address of the part, or what signed it, has expired. */
  isExpired: boolean;
  /** Whether sending the part again may help. */
  isTransient: boolean;
}

/**
 * Codes of S3 with a status that would not be tried again.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
const EXPIRED = 'ExpiredToken';
const SLOW = 'RequestTimeout';

/** Explains a response of the storage to a part. @param text - XML */
export function partFault(number: number, status: number, text: string): PartFault {
  const [, code = ''] = /<Code>(\w{1,100})<\/Code>/.exec(text) ?? [];
  const told = code === '' ? status : `${status} (${code})`;
  const remedy =
    code === 'NoSuchUpload'
      ? 'The job does not wait for its file any more: it was cancelled or has expired. Submit the file again.'
      : 'Submit the file again; what is stored already is not sent twice.';
  const message = `Part ${number} of the file was not stored: the storage responded ${told}. ${remedy}`;
  const error = new ApiError(message, { status });
  return {
    error,
    isExpired: status === 403 || code === EXPIRED,
    isTransient: error.isPassing || code === SLOW,
  };
}

/** Explains why a part got no response. @param url - of the part; its query is a secret */
export function unansweredPart(number: number, url: string, cause: unknown): PartFault {
  const { origin } = new URL(url);
  // The API has responded before, so that the name of its storage is right.
  const { message, isLasting } = networkFault(cause, origin, true);
  const error = new ApiError(`Part ${number} of the file was not stored. ${message}`, { status: 0, cause });
  return { error, isExpired: false, isTransient: !isLasting };
}

/** Returns the error of a storage that does not tell what a part is called. */
export function untaggedPart(number: number): ApiError {
  return new ApiError(
    `The response to part ${number} of the file has no ETag. In a browser, the storage must expose this header (CORS).`,
    { status: 200 },
  );
}

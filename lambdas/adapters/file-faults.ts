/** What S3 says of a list of parts that its sender can put right, and of an upload that is gone. */
const UPLOAD_FAULTS = ['InvalidPart', 'InvalidPartOrder', 'EntityTooSmall', 'NoSuchUpload'] as const;
export type UploadFault = (typeof UPLOAD_FAULTS)[number];

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html, "Errors" */
export function uploadFaultOf(error: unknown): UploadFault | undefined {
  return UPLOAD_FAULTS.find((fault) => error instanceof Error && error.name === fault);
}

/** Thrown when a file is no longer the one that reading began with: trying again does not help. */
export class FileChangedError extends Error {
  override readonly name = 'FileChangedError';
}

/** Whether S3 has no such object. HEAD has no body to tell a code in: the SDK makes NotFound of its status. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && ['NoSuchKey', 'NotFound'].includes(error.name);
}

/** Whether an object ended before the first byte asked for. */
export function isPastEnd(error: unknown): boolean {
  return error instanceof Error && error.name === 'InvalidRange';
}

/** Whether an object is another than the ETag names. */
export function isChanged(error: unknown): boolean {
  return error instanceof Error && error.name === 'PreconditionFailed';
}

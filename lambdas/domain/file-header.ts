import type { FileJobFrame } from '../contract/file-job.ts';
import type { UpdateOptions } from '../contract/options.ts';

/** What the header of a file job tells of its file. Times in epoch ms. */
export interface FileJob extends FileJobFrame {
  options: Pick<UpdateOptions, 'canary' | 'abortOn' | 'onMissing'>;
  /** Of the multipart upload in S3. */
  uploadId: string;
  /** When the upload was completed, the first of the job's places in the order of acceptance, and the ETag of the file. */
  accepted?: { at: number; sequence: number; etag: string };
  /** Of a job that has no file of its own: which entries of another one it undoes or retries. */
  again?: { of: string; kind: 'undo' | 'retry' };
}

import type { EntryCounts, JobStatus } from '../contract/statuses.ts';
import type { FileState } from './file-job.ts';

/** Where a job stands. Times in epoch ms, 0 for not yet. */
export interface JobProgress {
  status: JobStatus;
  counts: EntryCounts;
  /** Number of entries that a retry sends: none while the job is in progress. */
  retryable: number;
  startedAt: number;
  updatedAt: number;
  completedAt: number;
  /** Of a job from a file. */
  file?: FileState;
}

import type { ProcessStatus } from '../../lambdas/contract/fields.ts';
import type { EntryCounts } from '../../lambdas/contract/statuses.ts';
import type { Entry, JobView } from '../../lambdas/contract/views.ts';

export type { ErrorBody, ErrorCode } from '../../lambdas/contract/errors.ts';
export type { EntryCounts, EntryStatus, JobStatus } from '../../lambdas/contract/statuses.ts';
export type { Entry, ProcedureView, ProcessView } from '../../lambdas/contract/views.ts';

/** What is to change of a process. `null` clears; what is not named stays as it is. */
export interface ItemUpdate {
  data?: Readonly<Record<string, unknown>>;
  state?: string;
  status?: ProcessStatus;
  assignedTo?: string | null;
  /** Epoch milliseconds, or their digits. */
  nextActionAt?: number | string | null;
  isDeleted?: true;
}

/** One item: the process by its `id` or primary key, and the update in `update` or directly on it. */
export type Item = ItemUpdate & { id?: string; update?: ItemUpdate } & {
  readonly [primaryKey: string]: unknown;
};

/** A job without its counts, as a list shows it. Times in epoch ms, 0 for not yet. */
export type JobSummary = JobView;

/** A job with the counts of its entries by status, which add up to `total`. */
export type Job = JobSummary & { total: number; counts: EntryCounts };

/** The acknowledgment of a request. */
export interface Accepted {
  job: JobSummary;
  total: number;
  queued: number;
  invalid: number;
  /** The key that this request may be sent again with. */
  idempotencyKey: string;
  /** Whether the request had been accepted before, so that nothing was queued now. */
  isReplay: boolean;
}

/** What would become of the items. */
export interface DryRun {
  entries: Entry[];
  total: number;
  counts: EntryCounts;
}

/** Every JSON answer of the API. */
export interface Envelope<Data, Meta> {
  _data: Data;
  _meta: Meta;
}

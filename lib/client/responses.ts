import type { ProcessStatus } from '../../lambdas/contract/fields.ts';
import type { EntryCounts, PlannedCounts } from '../../lambdas/contract/statuses.ts';
import type { DryRunEntry, JobCounts, JobView } from '../../lambdas/contract/views.ts';

export type { ErrorBody, ErrorCode } from '../../lambdas/contract/errors.ts';
export type { Scope } from '../../lambdas/contract/scopes.ts';
export type {
  EntryCounts,
  EntryStatus,
  JobStatus,
  Outcome,
  PlannedCounts,
} from '../../lambdas/contract/statuses.ts';
export type {
  ApiKeyView,
  DryRunEntry,
  Entry,
  PlannedEntry,
  ProcedureSummary,
  ProcedureView,
  ProcessView,
  UploadView,
} from '../../lambdas/contract/views.ts';

/** The changes to a process. `null` clears a field; omitted fields stay unchanged. */
export interface ItemUpdate {
  data?: Readonly<Record<string, unknown>>;
  state?: string;
  status?: ProcessStatus;
  assignedTo?: string | null;
  /** Epoch milliseconds, or their digits. */
  nextActionAt?: number | string | null;
  isDeleted?: true;
}

/** What a process must have for its update to be applied, as a whole or not at all. `null` is no value. */
export interface ItemExpectation {
  version?: number | null;
  state?: string | null;
  status?: ProcessStatus | null;
  assignedTo?: string | null;
  /** Epoch milliseconds, or their digits. */
  nextActionAt?: number | string | null;
  /** At most 50 attributes. */
  data?: Readonly<Record<string, unknown>>;
}

/** One item: the `id` or primary key of a process, and the update in `update` or directly on the item. */
export type Item = ItemUpdate & { id?: string; expect?: ItemExpectation; update?: ItemUpdate } & {
  readonly [primaryKey: string]: unknown;
};

/** A process to be created, named by its primary key. */
export type NewItem = Omit<ItemUpdate, 'isDeleted'> & { readonly [primaryKey: string]: unknown };

/** A job without its counts. Times are epoch milliseconds, 0 for not yet. */
export type JobSummary = JobView;

/** A job with the counts of its entries by status, which add up to `total`. A file job tells how far its file is read. */
export type Job = JobSummary &
  Pick<JobCounts, 'total' | 'retryable' | 'isTotalFinal' | 'bytesRead' | 'size'> & {
    counts: EntryCounts;
  } & PlanSummary;

/** What tells one plan from another, and what it sums up to. */
export interface PlanSummary {
  /** What a plan says will become of its entries. Missing for a job that is not a plan. */
  plannedCounts?: PlannedCounts;
  /** Changes whenever what the API shows of the job does. Jobs of a list have none. */
  etag?: string;
}

/** The acknowledgment of a request. */
export interface Accepted extends PlanSummary {
  job: JobSummary;
  total: number;
  queued: number;
  invalid: number;
  /** The key with which this request can be retried. */
  idempotencyKey: string;
  /** Whether the request was accepted before, so that nothing was queued now. */
  isReplay: boolean;
}

/** What would happen to the items. */
export interface DryRun {
  entries: DryRunEntry[];
  total: number;
  counts: EntryCounts;
}

/** Every JSON response of the API. */
export interface Envelope<Data, Meta> {
  _data: Data;
  _meta: Meta;
}

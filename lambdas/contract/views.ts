import type { ErrorBody } from './errors.ts';
import type { Procedure } from './procedure.ts';
import type { Scope } from './scopes.ts';
import type { EntryCounts, EntryStatus, JobStatus, Outcome } from './statuses.ts';

/** An entry of a job as a client sees it. */
export interface Entry {
  index: number;
  /** What the item named its process by, as sent. */
  identifier: Record<string, unknown>;
  processId: string | null;
  completionStatus: EntryStatus;
  outcome: Outcome | null;
  errors: ErrorBody[];
  /** Its line in the file that the items come from; null when the request told none. */
  line: number | null;
  attempts: number;
  /** Epoch ms; 0 for not yet. */
  completedAt: number;
}

/** An entry of a dry run, with the fields that would change, such as `data.city`; null for no value. */
export interface DryRunEntry extends Entry {
  before: Record<string, unknown>;
  after: Record<string, unknown>;
}

/** A job as a client sees it. Times in epoch ms, 0 for not yet. */
export interface JobView {
  id: string;
  type: 'bulk_api_job';
  team: string;
  procedure: string;
  /** What a person calls it. */
  name: string | null;
  createdAt: number;
  updatedAt: number;
  startedAt: number;
  completedAt: number;
  completionStatus: JobStatus;
  statusMessage: string | null;
  /** The job whose failed entries this one retries. */
  parent?: string;
}

/** What is counted of a job's entries. */
export interface JobCounts {
  total: number;
  /** Number of entries that a retry sends. */
  retryable: number;
  bjEntryCompletionStatusVsCount: EntryCounts;
}

/** A process as a client sees it. Times in epoch ms. */
export interface ProcessView {
  id: string;
  team: string;
  procedure: string;
  status: string | null;
  state: string | null;
  data: Record<string, unknown>;
  assignedTo: string | null;
  nextActionAt: number | null;
  createdAt: number;
  updatedAt: number;
  isDeleted: boolean;
  version: number | null;
}

/** A procedure as a client sees it. */
export type ProcedureView = Omit<Procedure, 'team'>;

/** A procedure in a list. */
export type ProcedureSummary = Pick<Procedure, 'id' | 'shortId' | 'name' | 'primaryKey'>;

/** An API key as a client that has it sees it. */
export interface ApiKeyView {
  team: string;
  /** What the key is for. */
  name: string | null;
  /** What the key may do. */
  scope: Scope;
  /** Short ids of the procedures that the key allows; null for all. */
  procedures: string[] | null;
  /** Epoch ms; null for never. */
  expiresAt: number | null;
  /** Name of the deployment, such as `prod`. */
  stage: string;
}

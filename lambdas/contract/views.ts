import type { ErrorBody } from './errors.ts';
import type { Procedure } from './procedure.ts';
import type { Scope } from './scopes.ts';
import type { EntryCounts, EntryStatus, JobStatus, Outcome, PlannedCounts } from './statuses.ts';

/** An entry of a job as a client sees it. */
export interface Entry {
  index: number;
  /** What the item named its process by, as sent. */
  identifier: Record<string, unknown>;
  processId: string | null;
  completionStatus: EntryStatus;
  outcome: Outcome | null;
  /** Of an entry of an undo that is reverted: the fields that stay, such as `data.city`. */
  kept?: string[];
  errors: ErrorBody[];
  /** Its line in the file that the items come from; null when the request told none. */
  line: number | null;
  attempts: number;
  /** Epoch ms; 0 for not yet. */
  completedAt: number;
  /** What was planned, of an entry of a plan. */
  plan?: PlannedEntry;
}

/** An entry of a dry run, with the fields that would change, such as `data.city`; null for no value. */
export interface DryRunEntry extends Entry {
  before: Record<string, unknown>;
  after: Record<string, unknown>;
}

/** What a plan says will become of an entry, with the fields that would change; null for no value. */
export interface PlannedEntry {
  completionStatus: EntryStatus;
  outcome: Outcome | null;
  errors: ErrorBody[];
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
  /** The job that this one undoes. */
  undoes?: string;
  /** The job that undoes this one. */
  undoneBy?: string;
  /** Where to put the parts of its file. */
  upload?: UploadView;
}

/** Where to put the parts of a file. */
export interface UploadView {
  /** Bytes of each part but the last. */
  partSize: number;
  parts: { partNumber: number; url: string }[];
  /** Until when the addresses hold, in epoch ms. */
  expiresAt: number;
}

/** What is counted of a job's entries. */
export interface JobCounts {
  /** Of a job from a file, the number of rows found so far. */
  total: number;
  /** Of a job from a file: whether all of it is read. */
  isTotalFinal?: boolean;
  /** Of a job from a file: how many bytes of it are read. */
  bytesRead?: number;
  /** Of a job from a file: its bytes. */
  size?: number;
  /** Number of entries that a retry sends. */
  retryable: number;
  bjEntryCompletionStatusVsCount: EntryCounts;
  /** What the plan sums up to, of a job that was planned. */
  plannedCompletionStatusVsCount?: PlannedCounts;
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

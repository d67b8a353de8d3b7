import type { ApiError } from './errors.ts';
import type { EntryStatus, Outcome } from './statuses.ts';

/** An entry of a job as a client sees it. */
export interface Entry {
  index: number;
  /** What the item named its process by, as sent. */
  identifier: Record<string, unknown>;
  processId: string | null;
  completionStatus: EntryStatus;
  outcome: Outcome | null;
  errors: ApiError[];
  attempts: number;
  /** Epoch ms; 0 for not yet. */
  completedAt: number;
}

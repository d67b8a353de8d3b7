/**
 * One record of a procedure as it is stored.
 *
 * `clocks` holds, for each field ever updated, the order number of the update that set it; `clock` is the
 * highest of them. Records written by other systems may lack `data`, `clocks`, `clock` and `version`.
 */
export interface Process {
  id: string;
  team: string;
  procedure: string;
  primaryKey?: string;
  status?: string;
  state?: string;
  data?: Record<string, unknown>;
  assignedTo?: string;
  nextActionAt?: number;
  isDeleted?: boolean;
  clocks?: Record<string, number>;
  clock?: number;
  /** Counts the changes: the optimistic lock of a read-merge-write. */
  version?: number;
  /** Which guarded updates were refused; see `domain/remembered-refusals.ts`. */
  decided?: StoredDecisions;
  createdAt?: number;
  updatedAt?: number;
}

/** How a process stores them: a letter by order number, and the greatest order number that was forgotten. */
export type StoredDecisions = Readonly<Record<string, unknown>>;

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
  /** Where values come from that an undo gave back, or that won over such a value. */
  origins?: Record<string, Origin>;
  /** Counts the changes: the optimistic lock of a read-merge-write. */
  version?: number;
  /** Order number of the update that created it; absent where another system did. */
  createdOrder?: number;
  /** The least order number of those that would have created it, if it is less than `createdOrder`. */
  createdFrom?: number;
  /** What was decided on guarded updates; see `domain/decided.ts`. */
  decided?: StoredDecisions;
  createdAt?: number;
  updatedAt?: number;
}

/** How a process stores them: a letter by order number, and the greatest order number that was forgotten. */
export type StoredDecisions = Readonly<Record<string, unknown>>;

/**
 * Where the value of a field comes from, when it is not the update of the field's clock. It holds as long as the clock
 * is the same.
 */
export interface Origin {
  /** The field's clock when this was written. */
  at: number;
  /** Order number of the update that brought the value; -1 for none. */
  of: number;
  /** Order number of the undo or the update that wrote it. */
  by: number;
  /** Of a deletion: order number of the first one that was undone, if it is not the one of `at`. */
  from?: number;
  /** Sequences of jobs that are undone on the field, besides the one of `at`. */
  void?: number[];
}

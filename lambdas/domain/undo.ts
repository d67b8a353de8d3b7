import type { UndoOutcome } from '../contract/statuses.ts';
import type { Writing } from './change.ts';
import type { FieldName } from './field.ts';
import type { Image } from './image.ts';

/** What an undo has to know of the entries of the undone job that wrote a process. */
export interface Undo {
  entries: readonly UndoneEntry[];
  /** Order numbers of those whose earlier values were not recorded. */
  lost: readonly number[];
}

export interface UndoneEntry {
  /** Position in the undo. */
  index: number;
  /** The undone update's place in the order of acceptance. */
  order: number;
  /** Undefined when it was not recorded, or is not there any more. */
  image: Image | undefined;
}

/** How the undo of an entry ended. */
export type UndoneResult =
  | {
      outcome: UndoOutcome;
      /** Of one that is reverted: the fields that stay as they are. */
      kept?: readonly FieldName[];
    }
  | { error: 'NOT_REVERSIBLE' | 'PROCESS_EXISTS' };

/** What is decided on the undo of an entry. */
export interface UndoneVerdict {
  index: number;
  result: UndoneResult;
  /** The fields that it writes. */
  writings: readonly Writing[];
}

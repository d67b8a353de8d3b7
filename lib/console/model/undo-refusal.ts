import { ApiError } from '../../client/index.ts';

const REFUSALS = {
  JOB_NOT_ENDED: {
    title: 'This job is still in progress.',
    text: 'Undo it when it has ended, or cancel it first.',
  },
  NOTHING_TO_UNDO: {
    title: 'There is nothing to undo.',
    text: 'Nothing of this job was applied. Its page tells why.',
  },
  ANSWER_TOO_LARGE: {
    title: 'This undo is too large to be shown.',
    text: 'The job changed too much to list what would go back. Nothing has changed yet. You can undo the job all the same: what has changed since the job stays, and the undo can itself be undone.',
  },
} as const;

/** Why the API refuses to undo a job, or to show what an undo would do. */
export interface UndoRefusal {
  title: string;
  text: string;
  /** Whether the undo can only not be shown. */
  isTooLarge: boolean;
}

/** Tells in plain words why a job cannot be undone. Undefined for another failure. */
export function undoRefusal(error: unknown): UndoRefusal | undefined {
  if (!(error instanceof ApiError)) return undefined;
  const code = error.codes.find((each): each is keyof typeof REFUSALS => Object.hasOwn(REFUSALS, each));
  return code === undefined ? undefined : { ...REFUSALS[code], isTooLarge: code === 'ANSWER_TOO_LARGE' };
}

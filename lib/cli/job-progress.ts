import type { Job } from '../client/index.ts';
import { number, type Progress } from './progress.ts';

/**
 * Returns a function that shows how far a job is: how much of its file is read, how many entries are processed, and how
 * fast.
 * @param rows - number of rows of its file, if that is known
 */
export function showReading(
  progress: Progress,
  rows?: number,
  now: () => number = Date.now,
): (job: Job) => void {
  let first: { at: number; done: number } | undefined;
  return ({ total, counts, bytesRead, size, isTotalFinal }) => {
    const done = total - counts.NOT_STARTED;
    const at = now();
    first ??= { at, done };
    const seconds = (at - first.at) / 1000;
    // Less time says nothing.
    const rate = seconds >= 1 ? Math.round((done - first.done) / seconds) : 0;
    if (size !== undefined && bytesRead !== undefined && isTotalFinal !== true)
      progress.update(
        'found',
        total,
        rows ?? total,
        ` rows, ${percent(bytesRead, size)} of the file is read`,
      );
    progress.update('processed', done, rows ?? total, rate > 0 ? ` · ${number.format(rate)} a second` : '');
  };
}

function percent(part: number, whole: number): string {
  return `${Math.floor((part / whole) * 100)} %`;
}

import type { Sliced } from '../../lib/console/model/slices.ts';

/** Does work that pauses, without the pauses. */
export function resultOf<Result>(work: Sliced<Result>): Result {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

/** Counts the pauses of work. */
export function pausesOf(work: Sliced<unknown>): number {
  for (let pauses = 0; ; pauses += 1) if (work.next().done) return pauses;
}

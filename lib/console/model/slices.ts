/** Longest time for which a page does not react, in milliseconds. */
const SLICE_MS = 20;

/** Work with pauses, in which a page can react. */
export type Sliced<Result> = Generator<void, Result, void>;

/** Runs work in slices, between which the page reacts. @returns undefined if it was aborted */
export async function inSlices<Result>(
  work: Sliced<Result>,
  signal: AbortSignal,
): Promise<Result | undefined> {
  let end = performance.now() + SLICE_MS;
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
    if (performance.now() < end) continue;
    await pause();
    if (signal.aborted) return undefined;
    end = performance.now() + SLICE_MS;
  }
}

/** Lets the page react before what comes next. */
export function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

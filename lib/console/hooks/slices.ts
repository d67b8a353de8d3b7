import { useEffect, useRef, useState } from 'preact/hooks';
import { inSlices, type Sliced } from '../model/slices.ts';

/** Runs one work at a time in slices, between which the page reacts. Leaving the page stops it. */
export function useSlices() {
  const controller = useRef(new AbortController());
  const [isBusy, setIsBusy] = useState(false);
  useEffect(() => () => controller.current.abort(), []);

  function stop() {
    controller.current.abort();
    setIsBusy(false);
  }

  /** @returns undefined if it was stopped */
  async function run<Result>(work: Sliced<Result>): Promise<Result | undefined> {
    controller.current.abort();
    controller.current = new AbortController();
    const { signal } = controller.current;
    setIsBusy(true);
    try {
      return await inSlices(work, signal);
    } finally {
      if (!signal.aborted) setIsBusy(false);
    }
  }

  return { run, stop, isBusy };
}

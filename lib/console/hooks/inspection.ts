import { useEffect, useRef, useState } from 'preact/hooks';
import type { Inspection } from '../model/inspect-source.ts';
import { part } from '../model/part.ts';

/** Finds out what there is to choose about a file, beside the page. Another file stops it. */
export function useInspection(file: File | undefined): {
  inspection: Inspection | undefined;
  /** Resolves once it is known. */
  inspected: () => Promise<Inspection>;
} {
  const [inspection, setInspection] = useState<Inspection>();
  const running = useRef<Promise<Inspection>>(Promise.resolve(CLEAR));

  useEffect(() => {
    setInspection(undefined);
    running.current = Promise.resolve(CLEAR);
    if (file === undefined) return;
    const controller = new AbortController();
    const { signal } = controller;
    running.current = part(() => import('../model/reading.ts')).then(({ inspectInWorker }) =>
      inspectInWorker(file, signal),
    );
    running.current
      .catch((error: unknown): Inspection => ({ is: 'wrong', faults: [(error as Error).message] }))
      .then((found) => {
        if (!signal.aborted) setInspection(found);
      });
    return () => controller.abort();
  }, [file]);

  return { inspection, inspected: () => running.current };
}

const CLEAR: Inspection = { is: 'clear' };

import { useEffect, useState } from 'preact/hooks';
import { warningsOf } from '../model/file-notices.ts';
import type { Checking } from '../model/flow.ts';
import { inSlices } from '../model/slices.ts';

/** Looks for cells that are probably wrong, beside the check. */
export function useFileWarnings(flow: Checking): readonly string[] {
  const [warnings, setWarnings] = useState<readonly string[]>([]);
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    void inSlices(warningsOf(flow), signal).then((found) => {
      if (found !== undefined && !signal.aborted) setWarnings(found);
    });
    return () => controller.abort();
  }, [flow.rows]);
  return warnings;
}

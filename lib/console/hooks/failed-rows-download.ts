import { useState } from 'preact/hooks';
import type { CheckState, CorrectedSource } from '../model/checking.ts';
import { failedRowsFile } from '../model/failed-rows.ts';
import { save } from '../ui/save.ts';

/** Lets the browser save the rows that would not be applied. */
export function useFailedRowsDownload({ source, rows, rowChecks }: CheckState & CorrectedSource) {
  const [error, setError] = useState<unknown>();
  async function download() {
    setError(undefined);
    try {
      save(await failedRowsFile(source, rows, rowChecks));
    } catch (failure) {
      setError(failure);
    }
  }
  return { download, error };
}

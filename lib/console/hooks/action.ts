import { useState } from 'preact/hooks';
import { useFailure } from './failure.ts';

/** Runs one action at a time, however often the user clicks, and keeps its failure. */
export function useAction() {
  const { error, fail, clear } = useFailure();
  const [isBusy, setIsBusy] = useState(false);
  async function act(action: () => Promise<void>) {
    if (isBusy) return;
    clear();
    setIsBusy(true);
    await action().catch(fail);
    setIsBusy(false);
  }
  return { act, isBusy, error };
}

import { useEffect, useState } from 'preact/hooks';
import type { DryRunEntry } from '../../client/index.ts';
import { useFailure } from './failure.ts';
import { useSession } from './session.ts';

/** Asks what an undo of a job would do. It changes nothing. */
export function useUndoDryRun(jobId: string) {
  const { client } = useSession();
  const { error, fail, clear } = useFailure();
  const [entries, setEntries] = useState<readonly DryRunEntry[]>();
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    const ask = async () => {
      const dryRun = await client({ signal }).undo(jobId, { dryRun: true });
      if (!signal.aborted) setEntries(dryRun.entries);
    };
    ask().catch((failure: unknown) => {
      if (!signal.aborted) fail(failure);
    });
    return () => controller.abort();
  }, [client, jobId, attempt, fail]);

  const tryAgain = () => {
    clear();
    setAttempt(attempt + 1);
  };
  return { entries, error, tryAgain };
}

import { useEffect, useState } from 'preact/hooks';
import type { ProcedureSummary } from '../../client/index.ts';
import { useFailure } from './failure.ts';
import { useSession } from './session.ts';

const NONE: readonly ProcedureSummary[] = [];

/** Reads the procedures that the API key allows. Without the list, a typed name is checked by the API. */
export function useProcedures() {
  const { client } = useSession();
  const { fail } = useFailure();
  const [procedures, setProcedures] = useState(NONE);
  const [isComplete, setIsComplete] = useState(false);
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    const read = async () => {
      const all = await Array.fromAsync(client({ signal }).procedures());
      if (signal.aborted) return;
      setProcedures(all);
      setIsComplete(true);
    };
    read().catch(fail);
    return () => controller.abort();
  }, [client, fail]);
  return { procedures, isComplete };
}

import { useEffect, useState } from 'preact/hooks';
import type { ProcedureView } from '../../client/index.ts';
import { useSession } from './session.ts';

/** Reads a procedure, to show values as people write them. Without it they are shown as they are stored. */
export function useProcedure(shortId: string): ProcedureView | undefined {
  const { client } = useSession();
  const [procedure, setProcedure] = useState<ProcedureView>();
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    const read = async () => {
      const next = await client({ signal }).procedure(shortId);
      if (!signal.aborted) setProcedure(next);
    };
    read().catch(() => {});
    return () => controller.abort();
  }, [client, shortId]);
  return procedure;
}

import { useEffect, useState } from 'preact/hooks';
import type { Entry, Job } from '../../client/index.ts';
import { useSession } from './session.ts';

const PAGE = 1000;

/** Reads all entries of an undo that has ended, to sum them up. Undefined until they are read; the page works without. */
export function useUndoneEntries({ id, completionStatus }: Job): readonly Entry[] | undefined {
  const { client } = useSession();
  const [entries, setEntries] = useState<readonly Entry[]>();
  const isOver = completionStatus !== 'IN_PROGRESS';
  useEffect(() => {
    if (!isOver) return;
    const controller = new AbortController();
    const { signal } = controller;
    const read = async () => {
      const all = await Array.fromAsync(client({ signal }).entries(id, { limit: PAGE }));
      if (!signal.aborted) setEntries(all);
    };
    read().catch(() => {});
    return () => controller.abort();
  }, [client, id, isOver]);
  return entries;
}

import { useEffect, useState } from 'preact/hooks';
import type { Entry } from '../../client/index.ts';
import { readSentItem } from '../model/sent-item.ts';
import { useFailure } from './failure.ts';
import { useSession } from './session.ts';

/** Reads the item that was sent as an entry, as JSON text. */
export function useSentItem(jobId: string, entry: Entry) {
  const { client } = useSession();
  const { error, fail } = useFailure();
  const [item, setItem] = useState<string>();
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    const read = async () => {
      const next = await readSentItem(client({ signal }), jobId, entry);
      if (!signal.aborted) setItem(next);
    };
    read().catch(fail);
    return () => controller.abort();
  }, []);
  return { item, error };
}

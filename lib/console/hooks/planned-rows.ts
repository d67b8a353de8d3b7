import { useEffect, useState } from 'preact/hooks';
import type { Job } from '../../client/index.ts';
import { type PlannedRow, plannedRow } from '../model/planned.ts';
import { pause } from '../model/slices.ts';
import { useFailure } from './failure.ts';
import { useSession } from './session.ts';

/** Number of entries of a page. */
const PAGE = 1000;
const NONE: readonly PlannedRow[] = [];

/** Reads all entries of a plan, which are at most those of a request. Another plan is read from the start. */
export function usePlannedRows({ id, etag }: Job) {
  const { client } = useSession();
  const { error, fail, clear } = useFailure();
  const [rows, setRows] = useState(NONE);
  const [isComplete, setIsComplete] = useState(false);
  const [attempt, setAttempt] = useState(0);

  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    setIsComplete(false);
    const read = async () => {
      const taken: PlannedRow[] = [];
      for await (const entry of client({ signal }).entries(id, { limit: PAGE })) {
        taken.push(plannedRow(entry));
        if (taken.length % PAGE !== 0) continue;
        await pause();
        if (signal.aborted) return;
        setRows([...taken]);
      }
      if (signal.aborted) return;
      setRows(taken);
      setIsComplete(true);
      clear();
    };
    read().catch((failure: unknown) => {
      if (!signal.aborted) fail(failure);
    });
    return () => controller.abort();
  }, [client, id, etag, attempt, fail, clear]);

  const tryAgain = () => {
    clear();
    setAttempt(attempt + 1);
  };
  return { rows, isComplete, error, tryAgain };
}

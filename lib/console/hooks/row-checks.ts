import { type Dispatch, useEffect } from 'preact/hooks';
import type { Action, Checking } from '../model/flow.ts';
import { tryRows } from '../model/send.ts';
import { pause } from '../model/slices.ts';
import { useFailure } from './failure.ts';
import { useSession } from './session.ts';

/** Checks the rows that are to be checked, as a dry run. */
export function useRowChecks(flow: Checking, dispatch: Dispatch<Action>): void {
  const { client } = useSession();
  const { fail } = useFailure();

  // Runs once a round, with the rows that are to be checked then. The user may have been on another page.
  useEffect(() => {
    const { choice, procedure, pending, error } = flow;
    if (pending.length === 0 || error !== undefined) return;
    const rows = pending.map((position) => flow.rows[position]).filter((row) => row !== undefined);
    const controller = new AbortController();
    const { signal } = controller;
    const check = async () => {
      for await (const entries of tryRows(client({ signal }), procedure.shortId, rows, choice.creates)) {
        // To read a response, to show it and to make the next request take long enough each.
        await pause();
        if (signal.aborted) return;
        dispatch({ type: 'tried', entries });
        await pause();
      }
    };
    check().catch((failure: unknown) => {
      if (signal.aborted) return;
      dispatch({ type: 'failed', error: failure });
      fail(failure);
    });
    return () => controller.abort();
  }, [flow.round]);
}

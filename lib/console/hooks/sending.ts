import { type Dispatch, useEffect } from 'preact/hooks';
import { DEFAULT_ATTEMPTS } from '../../client/requests.ts';
import type { Action, Flow } from '../model/flow.ts';
import { sendRows } from '../model/send.ts';
import { useFailure } from './failure.ts';
import { useSession } from './session.ts';

/** Sends what the flow has to send, whichever page is shown meanwhile. Signing out ends it. */
export function useSending(flow: Flow, dispatch: Dispatch<Action>): void {
  const { client } = useSession();
  const { fail } = useFailure();
  const isSending = flow.step === 'send' && flow.isBusy;

  // Once for each time that sending begins, with the flow as it is then.
  useEffect(() => {
    if (flow.step !== 'send' || !isSending) return;
    const { procedure, rows, salt } = flow;
    const controller = new AbortController();
    const { signal } = controller;
    const send = async () => {
      // What is being sent is worth waiting for.
      const api = client({ attempts: DEFAULT_ATTEMPTS, signal });
      for await (const job of sendRows(api, procedure.shortId, rows, salt)) dispatch({ type: 'sent', job });
      dispatch({ type: 'all sent' });
    };
    send().catch((error: unknown) => {
      if (signal.aborted) return;
      dispatch({ type: 'failed', error });
      fail(error);
    });
    return () => controller.abort();
  }, [isSending]);
}

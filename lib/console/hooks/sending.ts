import { type Dispatch, useEffect } from 'preact/hooks';
import { DEFAULT_ATTEMPTS } from '../../client/requests.ts';
import type { Action, Flow } from '../model/flow.ts';
import { sendRows } from '../model/send.ts';
import { useFailure } from './failure.ts';
import { useSession } from './session.ts';

/** Sends the rows of the flow, whichever page is shown. Signing out stops it. */
export function useSending(flow: Flow, dispatch: Dispatch<Action>): void {
  const { client } = useSession();
  const { fail } = useFailure();
  const isSending = flow.step === 'send' && flow.isBusy;

  // Runs when sending starts, with the flow at that time.
  useEffect(() => {
    if (flow.step !== 'send' || !isSending) return;
    const { choice, procedure, rows, salt, safeguards, isPlan } = flow;
    const source = { file: choice.file?.name, format: flow.source.format };
    const controller = new AbortController();
    const { signal } = controller;
    const send = async () => {
      // Sending is worth more attempts than reading.
      const api = client({ attempts: DEFAULT_ATTEMPTS, signal });
      const onAborted = () => dispatch({ type: 'aborted' });
      const options = { salt, safeguards, isPlan, creates: choice.creates, onAborted };
      for await (const job of sendRows(api, procedure.shortId, source, rows, options))
        dispatch({ type: 'sent', job });
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

import { useState } from 'preact/hooks';
import { useScope } from '../hooks/api-key.ts';
import { useFailedRowsDownload } from '../hooks/failed-rows-download.ts';
import type { Checking } from '../model/flow.ts';
import { NO_SAFEGUARDS, safeguardsOf } from '../model/safeguards.ts';
import { counted } from '../model/words.ts';
import { FailureNotice } from '../ui/FailureNotice.tsx';
import { SafeguardFields } from './SafeguardFields.tsx';
import type { StepProps } from './step-props.ts';
import { WayFields } from './WayFields.tsx';

interface CheckActionsProps extends StepProps<Checking> {
  /** Number of rows that would be applied. */
  sendable: number;
  /** Number of rows that would not. */
  failing: number;
  /** Number of rows that would create a record. */
  creating: number;
  onCheck: () => void;
}

const MAY_ONLY_PLAN =
  'Your API key may save rows as a plan, but not apply them. Somebody whose key has the scope “write” approves the plan.';
const MAY_NOT_SEND =
  'Your API key only reads. To save rows as a plan, sign in with a key with the scope “plan”; to send them, with “write”.';

/** Sends the rows that would be applied, or saves them as a plan. Corrections are checked before. */
export function CheckActions({ flow, dispatch, sendable, failing, creating, onCheck }: CheckActionsProps) {
  const { pending, corrections, error } = flow;
  const isDone = pending.length === 0;
  const isEdited = corrections.size > 0;
  const mayApply = useScope('write');
  const mayPlan = useScope('plan');
  const { download, error: notSaved } = useFailedRowsDownload(flow);
  const [choices, setChoices] = useState(NO_SAFEGUARDS);
  const safeguards = safeguardsOf(choices);
  const isPlan = flow.isPlan === true || !mayApply;

  function send() {
    if (safeguards === undefined || !mayPlan) return;
    const isSafe = Object.keys(safeguards).length > 0;
    dispatch({ type: 'send', ...(isSafe && { safeguards }), ...(isPlan && { isPlan }) });
  }

  return (
    <>
      {!isEdited && mayPlan && (
        <div class="card sending-options">
          {!mayApply && <p>{MAY_ONLY_PLAN}</p>}
          {mayApply && (
            <WayFields isPlan={isPlan} onChange={(plan) => dispatch({ type: 'way', isPlan: plan })} />
          )}
          <SafeguardFields rows={sendable} choices={choices} onChange={setChoices} />
        </div>
      )}
      <div class="actions">
        {isEdited ? (
          <button type="button" class="button primary" onClick={onCheck}>
            Check {counted(corrections.size, 'corrected row')}
          </button>
        ) : (
          <button
            type="button"
            class="button primary"
            aria-disabled={sendable === 0 || safeguards === undefined || !mayPlan}
            onClick={send}
          >
            {isDone || error !== undefined ? sendText(sendable, isPlan) : 'Checking …'}
          </button>
        )}
        {isDone && !isEdited && failing > 0 && (
          <button type="button" class="button" onClick={download}>
            Download {counted(failing, 'row')} with errors
          </button>
        )}
        <button type="button" class="button" onClick={() => dispatch({ type: 'back' })}>
          Back
        </button>
        <p class="hint">{mayPlan ? hintOf(isEdited, isDone ? failing : 0, creating) : MAY_NOT_SEND}</p>
      </div>
      {notSaved !== undefined && <FailureNotice error={notSaved} />}
    </>
  );
}

function sendText(rows: number, isPlan: boolean): string {
  return isPlan ? `Save ${counted(rows, 'row')} as a plan` : `Send ${counted(rows, 'row')}`;
}

function hintOf(isEdited: boolean, failing: number, creating: number): string {
  if (isEdited) return 'What is corrected is checked before anything is sent.';
  const created =
    creating === 0 ? '' : `${counted(creating, 'row')} ${creating === 1 ? 'creates' : 'create'} a record. `;
  if (failing === 0) return `${created}Rows are applied in their order.`;
  const [verb, them] = failing === 1 ? ['is', 'it'] : ['are', 'them'];
  return `${created}${counted(failing, 'row')} with errors ${verb} not sent. You can correct or download ${them} afterwards, too.`;
}

import { useState } from 'preact/hooks';
import { definedOf } from '../../../lambdas/contract/defined-of.ts';
import type { Job } from '../../client/index.ts';
import { useAction } from '../hooks/action.ts';
import { useScope } from '../hooks/api-key.ts';
import type { usePlannedRows } from '../hooks/planned-rows.ts';
import { useSession } from '../hooks/session.ts';
import { isNotPlanned, isOtherPlan } from '../model/failure.ts';
import { approvalText, plannedRecords, plannedText } from '../model/planned.ts';
import { counted } from '../model/words.ts';
import { ConfirmDialog } from '../ui/ConfirmDialog.tsx';
import { FailureNotice } from '../ui/FailureNotice.tsx';

const MAY_NOT_APPROVE =
  'Your API key may discard this plan, but not approve it. Give the address of this page to somebody whose key has the scope “write”.';
const MAY_ONLY_READ =
  'Your API key only reads. To discard this plan, sign in with a key with the scope “plan”; to approve it, with “write”.';

interface PlanActionsProps {
  job: Job;
  reading: ReturnType<typeof usePlannedRows>;
  /** Called when the plan is approved, discarded, or no plan any more. */
  onDone: () => void;
  /** Called when the plan is another one than was shown. */
  onOther: () => void;
}

/** Approves a plan as it is shown, or discards it. */
export function PlanActions({ job, reading, onDone, onOther }: PlanActionsProps) {
  const { client } = useSession();
  const { act, isBusy, error } = useAction();
  const [done, setDone] = useState<'approved' | 'discarded'>();
  const mayApprove = useScope('write');
  const mayDiscard = useScope('plan');
  const { rows, isComplete } = reading;
  const records = plannedRecords(rows);
  const left = job.total - (job.plannedCounts?.SUCCESS ?? 0);
  const isDisabled = isBusy || done !== undefined;

  const end = (how: 'approved' | 'discarded', action: () => Promise<unknown>) =>
    act(async () => {
      try {
        await action();
        setDone(how);
        onDone();
      } catch (failure) {
        if (isOtherPlan(failure)) return onOther();
        // The page then shows what has become of it.
        if (isNotPlanned(failure)) onDone();
        throw failure;
      }
    });
  const approve = () => end('approved', () => client().approve(job.id, definedOf({ etag: job.etag })));
  const discard = () => end('discarded', () => client().cancel(job.id));

  return (
    <>
      {mayDiscard && (
        <div class="actions">
          {mayApprove && (
            <ConfirmDialog
              label={done === 'approved' ? 'Approving …' : 'Approve'}
              tone="primary"
              isDisabled={isDisabled || !isComplete}
              title="Approve this plan?"
              confirm={approvalText(records)}
              decline="Not now"
              onConfirm={() => void approve()}
            >
              <p>
                {plannedText(records)}, as the plan shows.
                {left > 0 && ` ${counted(left, 'entry', 'entries')} will not be applied.`}
              </p>
              <p>
                A record that has been changed {records.created > 0 && 'or created '}since the plan was made
                is left as it is.
              </p>
            </ConfirmDialog>
          )}
          <ConfirmDialog
            label={done === 'discarded' ? 'Discarding …' : 'Discard'}
            tone="danger"
            isDisabled={isDisabled}
            title="Discard this plan?"
            confirm="Discard the plan"
            decline="Keep the plan"
            onConfirm={() => void discard()}
          >
            <p>
              {isComplete ? `${plannedText(records, 'will not')}. ` : 'Nothing will be changed. '}
              The plan cannot be approved afterwards.
            </p>
          </ConfirmDialog>
        </div>
      )}
      {!mayApprove && <p class="hint">{mayDiscard ? MAY_NOT_APPROVE : MAY_ONLY_READ}</p>}
      {error !== undefined && <FailureNotice error={error} />}
    </>
  );
}

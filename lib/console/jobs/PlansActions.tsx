import { useState } from 'preact/hooks';
import { definedOf } from '../../../lambdas/contract/defined-of.ts';
import type { Job } from '../../client/index.ts';
import { useAction } from '../hooks/action.ts';
import { useScope } from '../hooks/api-key.ts';
import { useSession } from '../hooks/session.ts';
import { isNotPlanned, isOtherPlan } from '../model/failure.ts';
import { isPlanned } from '../model/planned.ts';
import { count, counted } from '../model/words.ts';
import { ConfirmDialog } from '../ui/ConfirmDialog.tsx';
import { FailureNotice } from '../ui/FailureNotice.tsx';
import { Notice } from '../ui/Notice.tsx';

const MAY_NOT_APPROVE =
  'Your API key may discard these plans, but not approve them. Give the address of this page to somebody whose key has the scope “write”.';
const MAY_ONLY_READ =
  'Your API key only reads. To discard these plans, sign in with a key with the scope “plan”; to approve them, with “write”.';

interface PlansActionsProps {
  /** In the order of the file. */
  jobs: readonly Job[];
  /** Reads the jobs again. */
  onChanged: () => void;
}

/** Approves or discards all plans that wait, one after the other to keep the order of the file. */
export function PlansActions({ jobs, onChanged }: PlansActionsProps) {
  const { client } = useSession();
  const { act, isBusy, error } = useAction();
  const [stoppedAt, setStoppedAt] = useState<number>();
  const mayApprove = useScope('write');
  const mayDiscard = useScope('plan');
  const waiting = jobs.filter(isPlanned);
  const plans = counted(waiting.length, 'plan');
  const records = waiting.reduce((sum, { plannedCounts }) => sum + (plannedCounts?.SUCCESS ?? 0), 0);
  if (waiting.length === 0) return null;

  /** Stops at the first plan that is another one than was shown. */
  const inOrder = (action: (job: Job) => Promise<unknown>) =>
    act(async () => {
      setStoppedAt(undefined);
      try {
        for (const job of waiting) {
          try {
            await action(job);
          } catch (failure) {
            if (!isOtherPlan(failure) && !isNotPlanned(failure)) throw failure;
            setStoppedAt(jobs.indexOf(job) + 1);
            return;
          }
        }
      } finally {
        onChanged();
      }
    });
  const approve = () => inOrder((job) => client().approve(job.id, definedOf({ etag: job.etag })));
  const discard = () => inOrder((job) => client().cancel(job.id));

  return (
    <>
      {stoppedAt !== undefined && (
        <Notice tone="warn" title={`Plan ${stoppedAt} has changed`} isAlert>
          <p>The plans before it are done; it and those after it are not. Look at it, then go on.</p>
        </Notice>
      )}
      {mayDiscard && (
        <div class="actions">
          {mayApprove && (
            <ConfirmDialog
              label={isBusy ? 'Working …' : `Approve ${plans}`}
              tone="primary"
              isDisabled={isBusy}
              title={`Approve ${plans}?`}
              confirm={`Approve ${plans}`}
              decline="Not now"
              onConfirm={() => void approve()}
            >
              <p>Up to {counted(records, 'record')} will be changed or created, as the plans show.</p>
              <p>A record that has been changed since its plan was made is left as it is.</p>
            </ConfirmDialog>
          )}
          <ConfirmDialog
            label={`Discard ${plans}`}
            tone="danger"
            isDisabled={isBusy}
            title={`Discard ${plans}?`}
            confirm={`Discard ${plans}`}
            decline="Keep the plans"
            onConfirm={() => void discard()}
          >
            <p>
              {count(records)} of their entries will not be applied. The plans cannot be approved afterwards.
            </p>
          </ConfirmDialog>
        </div>
      )}
      {!mayApprove && <p class="hint">{mayDiscard ? MAY_NOT_APPROVE : MAY_ONLY_READ}</p>}
      {error !== undefined && <FailureNotice error={error} />}
    </>
  );
}

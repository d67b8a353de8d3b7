import type { Job } from '../../client/index.ts';
import { counted } from '../model/words.ts';
import { ConfirmDialog } from '../ui/ConfirmDialog.tsx';

interface CancelDialogProps {
  job: Job;
  isCancelled: boolean;
  onCancel: () => void;
}

/** Cancels a job in progress. */
export function CancelDialog({ job, isCancelled, onCancel }: CancelDialogProps) {
  return (
    <ConfirmDialog
      label={isCancelled ? 'Cancelling …' : 'Cancel the job'}
      tone="danger"
      isDisabled={isCancelled}
      title="Cancel this job?"
      confirm="Cancel the job"
      decline="Keep running"
      onConfirm={onCancel}
    >
      {counted(job.counts.NOT_STARTED, 'entry', 'entries')} will not be applied. Applied entries stay applied.
    </ConfirmDialog>
  );
}

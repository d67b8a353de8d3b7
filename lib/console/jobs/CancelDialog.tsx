import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Job } from '../../client/index.ts';
import { useKeptFocus } from '../hooks/kept-focus.ts';
import { counted } from '../model/words.ts';

interface CancelDialogProps {
  job: Job;
  isCancelled: boolean;
  onCancel: () => void;
}

/** A button that asks for confirmation, as a cancellation cannot be undone. */
export function CancelDialog({ job, isCancelled, onCancel }: CancelDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const close = () => dialog.current?.close();
  // The job may end while it is open.
  useLayoutEffect(() => close, []);
  const kept = useKeptFocus<HTMLDivElement>();
  return (
    <div ref={kept}>
      <button
        type="button"
        class="button danger"
        aria-disabled={isCancelled}
        onClick={() => isCancelled || dialog.current?.showModal()}
      >
        {isCancelled ? 'Cancelling …' : 'Cancel the job'}
      </button>
      <dialog ref={dialog} aria-labelledby="cancel-title" aria-describedby="cancel-text">
        <h2 id="cancel-title">Cancel this job?</h2>
        <p id="cancel-text">
          {counted(job.counts.NOT_STARTED, 'entry', 'entries')} will not be applied. Applied entries stay
          applied.
        </p>
        <div class="actions">
          <button
            type="button"
            class="button danger"
            onClick={() => {
              close();
              onCancel();
            }}
          >
            Cancel the job
          </button>
          {/* Enter must not cancel by accident. */}
          <button type="button" class="button" autofocus onClick={close}>
            Keep running
          </button>
        </div>
      </dialog>
    </div>
  );
}

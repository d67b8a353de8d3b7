import { useRef } from 'preact/hooks';
import type { Job } from '../../client.ts';
import { counted } from '../model/words.ts';

/** A button that asks again, since what is cancelled does not come back. */
export function CancelDialog({ job, onCancel }: { job: Job; onCancel: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const close = () => dialog.current?.close();
  return (
    <>
      <button type="button" class="button danger" onClick={() => dialog.current?.showModal()}>
        Cancel the job
      </button>
      <dialog ref={dialog} aria-labelledby="cancel-title" aria-describedby="cancel-text">
        <h2 id="cancel-title">Cancel this job?</h2>
        <p id="cancel-text">
          {counted(job.counts.NOT_STARTED, 'entry', 'entries')} would not be applied any more. What is applied
          already stays.
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
          <button type="button" class="button" onClick={close}>
            Let it go on
          </button>
        </div>
      </dialog>
    </>
  );
}

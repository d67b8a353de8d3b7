import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { useKeptFocus } from '../hooks/kept-focus.ts';

interface ConfirmDialogProps {
  /** Of the button that opens the dialog. */
  label: string;
  /** How the buttons look that open the dialog and confirm. */
  tone: 'primary' | 'danger' | '';
  isDisabled: boolean;
  title: string;
  /** Of the button that confirms. */
  confirm: string;
  /** Of the button that changes nothing. */
  decline: string;
  onConfirm: () => void;
  /** What comes of it. */
  children: ComponentChildren;
}

/** A button that asks for a confirmation before it changes something. */
export function ConfirmDialog({
  label,
  tone,
  isDisabled,
  title,
  confirm,
  decline,
  onConfirm,
  children,
}: ConfirmDialogProps) {
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const close = () => dialog.current?.close();
  // What it asks about may end while it is open.
  useLayoutEffect(() => close, []);
  const kept = useKeptFocus<HTMLDivElement>();
  return (
    <div ref={kept}>
      <button
        type="button"
        class={`button ${tone}`}
        aria-disabled={isDisabled}
        onClick={() => isDisabled || dialog.current?.showModal()}
      >
        {label}
      </button>
      <dialog ref={dialog} aria-labelledby={`${id}-title`} aria-describedby={`${id}-text`}>
        <h2 id={`${id}-title`}>{title}</h2>
        <div id={`${id}-text`} class="dialog-text">
          {children}
        </div>
        <div class="actions">
          <button
            type="button"
            class={`button ${tone}`}
            onClick={() => {
              close();
              onConfirm();
            }}
          >
            {confirm}
          </button>
          {/* Enter must not confirm by accident. */}
          <button type="button" class="button" autofocus onClick={close}>
            {decline}
          </button>
        </div>
      </dialog>
    </div>
  );
}

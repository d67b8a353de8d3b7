import { failureOf, isTransient } from '../model/failure.ts';
import { timeText } from '../model/words.ts';
import { FailureNotice } from '../ui/FailureNotice.tsx';
import { Notice } from '../ui/Notice.tsx';

interface StaleNoticeProps {
  error: unknown;
  /** When what is shown was read, in epoch ms. */
  readAt: number;
  onTryAgain: () => void;
}

/** Tells that what is shown could not be read again. */
export function StaleNotice({ error, readAt, onTryAgain }: StaleNoticeProps) {
  if (!isTransient(error)) return <FailureNotice error={error} onTryAgain={onTryAgain} />;
  return (
    <Notice
      tone="warn"
      title={navigator.onLine ? failureOf(error).title : 'Your browser is offline.'}
      isAlert
    >
      <p>What you see is from {timeText(readAt)}. It is read again by itself.</p>
      <button type="button" class="button" onClick={onTryAgain}>
        Try again
      </button>
    </Notice>
  );
}

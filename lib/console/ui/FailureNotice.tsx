import { failureOf } from '../model/failure.ts';
import { NotLoadedError } from '../model/part.ts';
import { Notice } from './Notice.tsx';

interface FailureNoticeProps {
  error: unknown;
  onTryAgain?: (() => void) | undefined;
}

/** A failure with its codes, messages and fix. */
export function FailureNotice({ error, onTryAgain }: FailureNoticeProps) {
  const { title, codes, messages, remedy, requestId } = failureOf(error);
  return (
    <Notice tone="bad" title={title} isAlert>
      <ul class="plain">
        {messages.map((message, position) => (
          <li key={message}>
            {codes[position] !== undefined && <code class="code">{codes[position]}</code>} {message}
          </li>
        ))}
      </ul>
      {remedy !== undefined && <p>Fix: {remedy}</p>}
      {requestId !== undefined && (
        <p class="hint">
          Request <code>{requestId}</code>
        </p>
      )}
      {error instanceof NotLoadedError && (
        <button type="button" class="button" onClick={() => location.reload()}>
          Reload the page
        </button>
      )}
      {onTryAgain !== undefined && (
        <button type="button" class="button" onClick={onTryAgain}>
          Try again
        </button>
      )}
    </Notice>
  );
}

import type { TargetedSubmitEvent } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { isApiKey } from '../client/requests.ts';
import { clientOf } from './hooks/session.ts';
import { useTitle } from './hooks/title.ts';
import { isUnauthorized } from './model/failure.ts';
import { FailureNotice } from './ui/FailureNotice.tsx';
import { Logo } from './ui/Logo.tsx';
import { Notice } from './ui/Notice.tsx';

interface SignInProps {
  /** Why the user was signed out. */
  reason: string | undefined;
  /** Whether a file is kept for who signs in again. */
  hasWork: boolean;
  /** Loads the pages for a signed-in user. */
  prepare: () => Promise<unknown>;
  onSignIn: (key: string, team: string) => void;
}

export function SignIn({ reason, hasWork, prepare, onSignIn }: SignInProps) {
  const input = useRef<HTMLInputElement>(null);
  const [isBusy, setIsBusy] = useState(false);
  const [fault, setFault] = useState<string>();
  const [error, setError] = useState<unknown>();
  useTitle('Sign in');

  async function submit(event: TargetedSubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    const key = input.current?.value.trim() ?? '';
    if (isBusy) return;
    setError(undefined);
    setFault(undefined);
    if (key === '') return refuse('Enter an API key.');
    if (!isApiKey(key)) return refuse('An API key has no spaces or special characters. Check it.');
    setIsBusy(true);
    try {
      const [{ team }] = await Promise.all([clientOf(key).apiKey(), prepare()]);
      onSignIn(key, team);
    } catch (failure) {
      setIsBusy(false);
      if (isUnauthorized(failure))
        refuse('This key is unknown, expired or revoked. Check it, or ask for another one.');
      else setError(failure);
    }
  }

  function refuse(message: string) {
    setFault(message);
    input.current?.focus();
  }

  return (
    <main id="main" class="sign-in" tabIndex={-1}>
      <div class="card sign-in-card">
        <Logo />
        <h1>Bulk Update Console</h1>
        <p class="muted">Send thousands of updates from a file, and see the result of each.</p>
        {reason !== undefined && (
          <Notice tone="warn">
            <p>{reason}</p>
            {hasWork && <p>Your file stays in this tab. Sign in with a key of the same team to go on.</p>}
          </Notice>
        )}
        <form onSubmit={submit} noValidate>
          <label for="key">API key</label>
          <input
            ref={input}
            id="key"
            type="password"
            autocomplete="off"
            spellcheck={false}
            aria-invalid={fault !== undefined}
            aria-describedby="key-help key-fault"
          />
          <p id="key-fault" class="field-fault" role="alert">
            {fault}
          </p>
          <button type="submit" class="button primary wide" aria-disabled={isBusy}>
            {isBusy ? 'Signing in …' : 'Sign in'}
          </button>
          <p id="key-help" class="hint">
            The key stays in this tab until you sign out or close it.
          </p>
        </form>
        {error !== undefined && <FailureNotice error={error} />}
      </div>
    </main>
  );
}

import { useCallback, useState } from 'preact/hooks';
import { isUnauthorized } from '../model/failure.ts';
import { useSession } from './session.ts';

const KEY_REFUSED = 'The API key has expired or was revoked. Sign in with another one.';

/** Keeps the last failure. A refused key signs the user out. */
export function useFailure() {
  const { signOut } = useSession();
  const [error, setError] = useState<unknown>();
  const fail = useCallback(
    (failure: unknown) => {
      if (isUnauthorized(failure)) signOut(KEY_REFUSED);
      else if (!isAbort(failure)) setError(failure);
    },
    [signOut],
  );
  const clear = useCallback(() => setError(undefined), []);
  return { error, fail, clear };
}

/** Whether the request was aborted because the user left the page. */
function isAbort(failure: unknown): boolean {
  return failure instanceof DOMException && failure.name === 'AbortError';
}

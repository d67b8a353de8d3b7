import { useCallback, useState } from 'preact/hooks';
import { isUnauthorized } from '../model/failure.ts';
import { useSession } from './session.ts';

const KEY_REFUSED =
  'The API does not know this key any more. It has ended or was revoked: sign in with another.';

/** Whether something failed. A key that is refused leads back to signing in. */
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

/** Whoever left the page ended it. */
function isAbort(failure: unknown): boolean {
  return failure instanceof DOMException && failure.name === 'AbortError';
}

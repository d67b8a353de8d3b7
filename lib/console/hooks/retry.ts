import { useEffect, useRef } from 'preact/hooks';
import { isTransient } from '../model/failure.ts';

const FIRST_MS = 5_000;
const LONGEST_MS = 60_000;

/**
 * Tries again by itself when the API did not respond or failed: later each time, and at once when the browser is online
 * again.
 * @param again - leaves the error as it is until it is known whether it is gone
 */
export function useRetry(error: unknown, again: () => void): void {
  const failures = useRef(0);
  useEffect(() => {
    if (error === undefined) failures.current = 0;
    if (!isTransient(error)) return;
    const timer = setTimeout(again, Math.min(FIRST_MS * 2 ** failures.current, LONGEST_MS));
    failures.current += 1;
    addEventListener('online', again);
    return () => {
      clearTimeout(timer);
      removeEventListener('online', again);
    };
  }, [error]);
}

import { useEffect } from 'preact/hooks';

/** Calls a function after a time, and when the browser goes offline. A hidden page waits until it is looked at. */
export function useRefresh(refresh: () => unknown, afterMs: number, since: unknown): void {
  useEffect(() => {
    const ifVisible = () => {
      if (!document.hidden) refresh();
    };
    let isDue = false;
    const timer = setTimeout(() => {
      isDue = true;
      ifVisible();
    }, afterMs);
    const onVisible = () => {
      if (isDue) ifVisible();
    };
    addEventListener('offline', ifVisible);
    document.addEventListener('visibilitychange', onVisible);
    return () => {
      clearTimeout(timer);
      removeEventListener('offline', ifVisible);
      document.removeEventListener('visibilitychange', onVisible);
    };
  }, [afterMs, since]);
}

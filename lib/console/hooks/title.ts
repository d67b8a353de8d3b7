import { useEffect } from 'preact/hooks';

/** Names what is shown, for tabs, the history and screen readers. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Bulk Update Console`;
  }, [title]);
}

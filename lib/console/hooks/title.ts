import { useEffect } from 'preact/hooks';

/** Sets the title for tabs, the history and screen readers. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Bulk Update Console`;
  }, [title]);
}

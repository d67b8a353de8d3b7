import { useLayoutEffect, useRef } from 'preact/hooks';

/** When an element goes that has the focus, such as a notice with the button that was pressed, the page takes it. */
export function useKeptFocus<Kept extends HTMLElement>() {
  const element = useRef<Kept>(null);
  useLayoutEffect(() => {
    const shown = element.current;
    return () => {
      if (shown?.contains(document.activeElement) !== true) return;
      document.getElementById('main')?.focus({ preventScroll: true });
    };
  }, []);
  return element;
}

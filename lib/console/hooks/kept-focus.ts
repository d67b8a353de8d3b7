import { useLayoutEffect, useRef } from 'preact/hooks';

/** Moves the focus to the page when the focused element is removed, such as a notice with the pressed button. */
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
